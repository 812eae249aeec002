// The list of channels: what waits where, and what this browser has not read yet.

import * as api from './api.js';
import { el, find, icon } from './dom.js';
import { on, tell } from './hub.js';
import * as memory from './memory.js';
import { setServerTime } from './time.js';

let channels = [];
let current = null;
let refreshing = null;
let refreshed = 0;

export const channelNamed = (name) => channels.find((channel) => channel.name === name);
export const openChannels = () => channels.filter((channel) => !channel.locked);

export async function loadChannels() {
  const answer = await api.channels(memory.readSoFar());
  setServerTime(answer.now);
  channels = answer.channels;
  draw();
}

/** Many changes at once are one reading, and a busy day is one every other second. */
export function refreshChannels() {
  refreshing ??= setTimeout(
    async () => {
      refreshing = null;
      refreshed = Date.now();
      await loadChannels().catch(() => {});
    },
    Math.max(200, refreshed + 2000 - Date.now()),
  );
}

export function setCurrent(name) {
  current = name;
  draw();
}

function draw() {
  const groups = [
    ['Your departments', channels.filter((channel) => channel.mine && !channel.private)],
    ['Only you', channels.filter((channel) => channel.private)],
    ['Other departments', channels.filter((channel) => !channel.mine)],
  ];
  const focused = document.activeElement?.dataset?.channel;
  find('#channel-list').replaceChildren(
    ...groups
      .filter(([, members]) => members.length)
      .map(([title, members]) => el('section', {}, el('h2', {}, title), el('ul', {}, members.map(entry)))),
  );
  if (focused) find(`#channel-list [data-channel="${CSS.escape(focused)}"]`)?.focus();
  const elsewhere = channels
    .filter((channel) => channel.name !== current && (channel.mine || channel.private))
    .reduce((sum, channel) => sum + channel.unread, 0);
  const badge = find('#unread-elsewhere');
  badge.hidden = elsewhere === 0;
  badge.textContent = elsewhere > 99 ? '99+' : elsewhere;
  badge.parentElement.setAttribute('aria-label', elsewhere ? `Channels, ${badge.textContent} unread` : 'Channels');
  const channel = channelNamed(current);
  const unread = channels.filter((channel) => channel.mine || channel.private).reduce((sum, channel) => sum + channel.unread, 0);
  document.title = `${unread ? `(${unread > 99 ? '99+' : unread}) ` : ''}${channel ? `${channel.title} · ` : ''}Switchboard`;
}

function entry(channel) {
  const counted = (number) => (number >= 100 ? '99+' : String(number));
  const name = channel.private ? 'bell' : channel.locked || channel.confidential ? 'lock' : 'hash';
  const spoken = [
    channel.unread && `${counted(channel.unread)} unread`,
    channel.waiting && `${counted(channel.waiting)} waiting`,
    channel.breaching && `${counted(channel.breaching)} overdue`,
    channel.locked && 'confidential, only its members read it',
  ]
    .filter(Boolean)
    .join(', ');
  const inner = [
    icon(name),
    el('span.title', {}, channel.title),
    channel.breaching
      ? el('span.pill', { title: 'Past their response target', data: { tone: 'late' } }, counted(channel.breaching))
      : null,
    channel.waiting ? el('span.pill', { title: 'Open and without an owner' }, counted(channel.waiting)) : null,
    channel.unread ? el('span.count', { title: 'Unread' }, counted(channel.unread)) : null,
    spoken ? el('span.hidden', {}, `, ${spoken}`) : null,
  ];
  if (channel.locked) return el('li', {}, el('span.channel.locked', { title: 'Confidential: only its members read it' }, inner));
  return el(
    'li',
    {},
    el(
      'a.channel',
      {
        href: `#/${encodeURIComponent(channel.name)}`,
        data: { channel: channel.name, unread: channel.unread, waiting: channel.waiting },
        'data-mine': channel.mine,
        'aria-current': channel.name === current ? 'page' : null,
        onclick: () => tell('channel-chosen'),
      },
      inner,
    ),
  );
}

on('changed', refreshChannels);
on('resync', refreshChannels);
on('read', () => {
  refreshed = 0;
  refreshChannels();
});
