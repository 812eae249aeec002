// The pane at the side (a sheet on small screens): one lead with its public conversation and history, a list that a
// command returned, or the public side as a stream. What was opened from a list leads back to it.

import * as api from './api.js';
import { brief, cardsOf } from './card.js';
import { rowList } from './digest.js';
import { el, find, focusWithin, leadName } from './dom.js';
import { on, tell } from './hub.js';
import { earlierEntries, historyList } from './parts.js';
import { conversationView, publicList } from './public.js';
import { visible } from './said.js';

const pane = () => find('#details');
const wide = matchMedia('(min-width: 1180px)');

/** Views from the first opened to the one on top. */
let stack = [];
let tab = 'conversation';
let returnTo = null;
let drawing = 0;

export const isSheetOpen = () => !wide.matches && pane().dataset.open === 'true';

export function openLead(lead, { explicit = false } = {}) {
  const top = stack.at(-1);
  if (top?.lead === lead && (wide.matches || isSheetOpen())) return;
  if (top?.lead) stack.pop();
  if (stack.at(-1)?.lead !== lead) stack.push({ lead });
  reveal(explicit);
  draw();
}

function openView(view) {
  stack = [view];
  reveal(true);
  draw();
}

/** A sheet takes the focus, and gives it back; the pane at the side leaves it where it is. */
function reveal(explicit) {
  if (wide.matches) return;
  if (!explicit) return;
  if (pane().dataset.open !== 'true') returnTo = document.activeElement;
  pane().dataset.open = 'true';
  pane().focus();
}

export function closeDetails() {
  stack = [];
  delete pane().dataset.open;
  draw();
  if (returnTo?.isConnected) returnTo.focus();
  returnTo = null;
}

function back() {
  stack.pop();
  draw();
  pane().focus();
}

async function draw() {
  const mine = ++drawing;
  const view = stack.at(-1);
  pane().dataset.view = view ? Object.keys(view)[0] : 'nothing';
  if (!view) {
    delete pane().dataset.lead;
    pane().replaceChildren(
      el(
        'div.empty',
        {},
        el('p', {}, 'Choose a card to see its public conversation and its history.'),
        el(
          'p.quiet',
          {},
          el('kbd', {}, 'j'),
          ' ',
          el('kbd', {}, 'k'),
          ' move between cards, ',
          el('kbd', {}, '?'),
          ' shows all keys.',
        ),
      ),
    );
    return;
  }
  if (view.lead) pane().dataset.lead = leadName(view.lead);
  else delete pane().dataset.lead;
  const old = find('.body', pane());
  const isSame = old?.dataset.view === nameOf(view);
  const body = isSame
    ? old
    : el('div.body', { tabIndex: 0, role: 'region', 'aria-label': 'Contents', data: { view: nameOf(view) } });
  if (!isSame) pane().replaceChildren(header(view), ...(view.lead ? [tabs()] : []), body);
  try {
    const content = await contentOf(view);
    if (mine !== drawing) return;
    const focused = focusWithin(pane());
    const scrolled = body.scrollTop;
    body.replaceChildren(content);
    body.scrollTop = isSame ? scrolled : view.lead && tab === 'conversation' ? body.scrollHeight : 0;
    if (focused && !pane().contains(document.activeElement)) focused();
  } catch (error) {
    if (mine === drawing) body.replaceChildren(el('p.empty', {}, error.message));
  }
}

let lists = 0;
const nameOf = (view) =>
  view.lead ? `${view.lead}:${tab}:${stack.length}` : view.notice ? `list:${(view.number ??= ++lists)}` : 'public';

async function contentOf(view) {
  if (view.notice) return listView(view.notice);
  if (view.stream) return publicList(await api.publicSide());
  const [card, content] = await Promise.all([
    // What stands in the channel beside us need not be said twice.
    wide.matches && cardsOf(view.lead).length ? null : api.card(view.lead, 1),
    tab === 'history' ? api.history(view.lead).then(historyList) : api.conversation(view.lead).then(conversationView),
  ]);
  return el('div', {}, card ? brief(card) : null, content);
}

function listView(notice) {
  const [, ...rest] = notice.text.split('\n');
  return el(
    'div',
    {},
    rest.length ? el('p.text', {}, visible(rest.join('\n').trim())) : null,
    notice.earlier > 0 ? el('p.quiet', {}, earlierEntries(notice.earlier)) : null,
    notice.rows?.length ? rowList(notice.rows) : null,
  );
}

function header(view) {
  const title = view.lead ? leadName(view.lead) : view.notice ? visible(view.notice.text.split('\n')[0], false) : 'Public side';
  return el(
    'header.bar',
    {},
    stack.length > 1 ? el('button.quiet.icon', { type: 'button', 'aria-label': 'Back to the list', onclick: back }, '←') : null,
    el('h2', {}, title),
    el(
      'button.quiet.icon',
      { type: 'button', 'aria-label': 'Close the details', id: 'close-details', onclick: closeDetails },
      '✕',
    ),
  );
}

function tabs() {
  const names = { conversation: 'Public conversation', history: 'History' };
  return el(
    'div.tabs',
    { role: 'group', 'aria-label': 'What to show' },
    Object.entries(names).map(([name, label]) =>
      el(
        'button',
        { type: 'button', data: { tab: name }, 'aria-pressed': String(tab === name), onclick: () => showTab(name) },
        label,
      ),
    ),
  );
}

export function showTab(name) {
  tab = name;
  draw();
  find(`[data-tab="${name}"]`, pane())?.focus();
}

let pause;
function refresh() {
  clearTimeout(pause);
  pause = setTimeout(draw, 80);
}

on('open-lead', ({ lead, explicit = true }) => openLead(lead, { explicit }));
on('open-list', ({ notice }) => openView({ notice }));
on('open-public', () => openView({ stream: true }));
on('select', ({ lead }) => wide.matches && !(stack.length && !stack.at(-1).lead) && openLead(lead));
on('changed', ({ lead }) => {
  const top = stack.at(-1);
  if (top?.stream || (top?.lead && top.lead === lead)) refresh();
});
on('channel-opened', () => stack.at(-1)?.lead && refresh());
on('resync', () => stack.length && !stack.at(-1).notice && refresh());

export function startDetails() {
  find('#open-public').addEventListener('click', () => tell('open-public'));
  draw();
}
