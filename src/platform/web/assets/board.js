// Opens the board: the door first, then the rooms, and which channel the address names.

import * as api from './api.js';
import './asking.js';
import { channelNamed, loadChannels, openChannels, setCurrent } from './channels.js';
import { startComposer } from './composer.js';
import { startDetails } from './details.js';
import { avatar, el, find } from './dom.js';
import { speakFor } from './form.js';
import { on, tell } from './hub.js';
import { startKeyboard } from './keyboard.js';
import { startLive } from './live.js';
import * as memory from './memory.js';
import { openChannel, startMessages } from './messages.js';
import { startNotices, toast } from './notices.js';
import { rolesOf, showDoor } from './sign_in.js';
import { setServerTime } from './time.js';

async function start() {
  const me = await api.me();
  setServerTime(me.now);
  if (!me.member) return showDoor(me);
  api.actFor(me.member.id);
  memory.remember(me.member.id);
  speakFor(me.company);
  find('#company').textContent = me.company;
  find('#board').hidden = false;
  find('#board').dataset.member = me.member.id;
  drawMe(me);
  sidebar();
  startComposer();
  startDetails();
  startMessages();
  startKeyboard();
  startNotices(me.member.id);
  await loadChannels();
  addEventListener('hashchange', route);
  await route();
  startLive();
}

/** `#/support` names the channel; without one, the one that was read last. */
async function route() {
  const named = decodeURIComponent(location.hash.replace(/^#\/?/, ''));
  const channel = [named, memory.lastChannel(), openChannels()[0]?.name]
    .map((name) => channelNamed(name))
    .find((channel) => channel && !channel.locked);
  if (!channel) {
    find('#messages').replaceChildren(
      el('p.empty', {}, 'There is no channel that you may read. Ask your administrator for a department.'),
    );
    return;
  }
  find('#title').textContent = channel.title;
  find('#topic').textContent = channel.topic;
  find('#channel').dataset.channel = channel.name;
  setCurrent(channel.name);
  await openChannel(channel.name);
}

function drawMe(me) {
  const switcher = el('button.quiet', { type: 'button', id: 'switch', onclick: leave }, me.signIn ? 'Sign out' : 'Switch person');
  const theme = el(
    'select',
    { 'aria-label': 'Colours', onchange: () => window.switchboardTheme.choose(theme.value) },
    [
      ['auto', 'Auto'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ].map(([value, label]) => el('option', { value }, label)),
  );
  theme.value = window.switchboardTheme.chosen();
  find('#me').replaceChildren(
    el(
      'div.person',
      {},
      avatar(me.member.name, 'round'),
      el('div', {}, el('strong', {}, me.member.name), el('span.quiet', { title: rolesOf(me.member) }, rolesOf(me.member))),
    ),
    el('div.row', {}, switcher, theme),
  );
}

async function leave() {
  await api.signOut().catch(() => {});
  location.hash = '';
  location.reload();
}

/** On small screens the channel list is a drawer. */
function sidebar() {
  const board = find('#board');
  const button = find('#open-sidebar');
  const close = () => {
    if (board.dataset.sidebar !== 'open') return;
    delete board.dataset.sidebar;
    button.setAttribute('aria-expanded', 'false');
    button.focus();
  };
  button.addEventListener('click', () => {
    board.dataset.sidebar = 'open';
    button.setAttribute('aria-expanded', 'true');
    find('#channel-list a')?.focus();
  });
  find('#close-sidebar').addEventListener('click', close);
  on('channel-chosen', close);
  on('close-sidebar', close);
  for (const skip of document.querySelectorAll('[data-skip]')) {
    skip.addEventListener('click', (event) => {
      event.preventDefault();
      find(`#${skip.dataset.skip}`).focus();
    });
  }
}

on('trouble', (text) => toast('warning', text));

start().catch((error) => {
  const door = find('#door');
  door.hidden = false;
  door.replaceChildren(
    el(
      'p.empty',
      { role: 'alert' },
      error.message,
      ' ',
      el('button', { type: 'button', onclick: () => location.reload() }, 'Try again'),
    ),
  );
  tell('failed', error);
});
