// The channel: what was posted, oldest at the top, kept up to date in place.

import * as api from './api.js';
import { cardsOf, drawCard, newCard } from './card.js';
import { digestMessage } from './digest.js';
import { el, find, findAll } from './dom.js';
import { on, tell } from './hub.js';
import * as memory from './memory.js';
import { leadChip } from './parts.js';
import { visible } from './said.js';
import { age, dayName } from './time.js';

let channel = null;
/** What stands on the page, by message name: the node, and the JSON it was drawn from. */
let shown = new Map();
let firstUnread = null;
let more = false;
let opening = null;

const pane = () => find('#messages');
const isAtEnd = () => pane().scrollHeight - pane().scrollTop - pane().clientHeight < 120;

export const currentChannel = () => channel;

export async function openChannel(name) {
  opening?.abort();
  opening = new AbortController();
  const { signal } = opening;
  channel = name;
  shown = new Map();
  memory.keepChannel(name);
  pane().ariaBusy = 'true';
  pane().replaceChildren(el('p.empty', {}, 'Reading…'));
  try {
    const page = await api.messages(name, { signal });
    const read = memory.readSoFar()[name];
    firstUnread = read === undefined ? null : (page.messages.find((message) => message.ref > read)?.ref ?? null);
    more = page.more;
    pane().replaceChildren();
    add(page.messages);
    const unread = firstUnread && shown.get(firstUnread)?.node;
    if (unread) unread.scrollIntoView({ block: 'center' });
    else pane().scrollTop = pane().scrollHeight;
    noteReading();
    tell('channel-opened');
  } catch (error) {
    if (error.name !== 'AbortError') pane().replaceChildren(el('p.empty', { role: 'alert' }, error.message));
  } finally {
    if (channel === name) pane().ariaBusy = null;
  }
}

/** Puts messages where they belong; those that stand there already are drawn again only when they changed. */
function add(messages) {
  for (const message of messages) {
    const text = JSON.stringify(message);
    const known = shown.get(message.ref);
    if (known?.text === text) continue;
    if (known?.node.card && message.card) drawCard(known.node, message.card);
    else if (known) known.node.replaceWith((known.node = draw(message)));
    else shown.set(message.ref, { node: draw(message), posted: message.posted });
    shown.get(message.ref).text = text;
  }
  arrange();
}

/** The whole order: messages, a line for each day, the line above what is new. Nodes that stay are not touched. */
function arrange() {
  const wanted = [];
  if (more) wanted.push(find('.older', pane()) ?? el('button.older', { type: 'button', onclick: older }, 'Earlier messages'));
  let today = null;
  for (const [ref, { node, posted }] of [...shown].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const day = dayName(posted);
    if (day !== today) wanted.push(separator('day', day));
    today = day;
    if (ref === firstUnread) wanted.push(separator('new', 'New'));
    wanted.push(node);
  }
  if (!shown.size) wanted.push(el('p.empty', {}, 'Nothing here yet. New mentions appear by themselves.'));
  const before = [...pane().children];
  if (before.length === wanted.length && before.every((node, index) => node === wanted[index])) return;
  for (const node of before) if (!wanted.includes(node)) node.remove();
  for (const [index, node] of wanted.entries()) {
    if (pane().children[index] !== node) pane().insertBefore(node, pane().children[index] ?? null);
  }
}

function separator(kind, text) {
  return (
    findAll(`.separator.${kind}`, pane()).find((node) => node.textContent === text) ??
    el(`p.separator.${kind}`, {}, el('span', {}, text))
  );
}

function draw(message) {
  const node = message.card
    ? newCard(message.card)
    : message.digest
      ? digestMessage(message.digest)
      : message.notice
        ? noticeMessage(message)
        : el('article.card.slim', { tabIndex: -1 }, el('p.quiet', {}, `L-${message.gone} is no longer here.`));
  node.dataset.ref = message.ref;
  return node;
}

function noticeMessage(message) {
  return el(
    'article.card.slim',
    { tabIndex: -1 },
    message.notice.lead ? leadChip(message.notice.lead) : null,
    el('p', {}, visible(message.notice.text)),
    age(message.posted),
  );
}

async function older() {
  const button = find('.older', pane());
  const oldest = [...shown.keys()].sort()[0];
  const from = channel;
  button.ariaBusy = 'true';
  try {
    const page = await api.messages(from, { before: oldest });
    if (from !== channel) return;
    const height = pane().scrollHeight - pane().scrollTop;
    more = page.more;
    add(page.messages);
    pane().scrollTop = pane().scrollHeight - height;
    if (document.activeElement === document.body) shown.get(page.messages.at(-1)?.ref)?.node.focus({ preventScroll: true });
  } catch (error) {
    tell('trouble', error.message);
  } finally {
    button.ariaBusy = null;
  }
}

/** Reads the newest page once more, and again while an announced message is not there yet: it shows once committed. */
async function readNewest(expected, waits = [200, 600, 1500]) {
  const from = channel;
  const wasAtEnd = isAtEnd();
  const page = await api.messages(from).catch(() => null);
  if (!page || from !== channel) return;
  const newest = [...shown.keys()].sort().at(-1);
  const fresh = page.messages.filter((message) => newest === undefined || message.ref > newest);
  // A gap wider than a page is filled by starting afresh.
  if (newest !== undefined && fresh.length === page.messages.length && page.more) return openChannel(from);
  if (fresh.length && !document.hasFocus() && firstUnread === null) firstUnread = fresh[0].ref;
  if (!shown.size) more = page.more;
  add(page.messages);
  if (fresh.length) {
    if (wasAtEnd) {
      forgetOldest();
      pane().scrollTop = pane().scrollHeight;
    } else offerNewer(fresh.length);
  }
  noteReading();
  if (expected && !shown.has(expected) && waits.length) {
    setTimeout(() => from === channel && soon(`channel:${from}`, () => readNewest(expected, waits.slice(1))), waits[0]);
  }
}

/** A board that is open all day holds no more than it needs; what is let go can be read again. */
function forgetOldest() {
  if (shown.size <= 200) return;
  const oldest = [...shown.keys()].sort().slice(0, shown.size - 100);
  for (const ref of oldest) {
    shown.get(ref).node.remove();
    shown.delete(ref);
  }
  more = true;
  arrange();
}

let unseen = 0;
function offerNewer(number) {
  unseen += number;
  const button = find('#newer');
  button.textContent = `${unseen} new ↓`;
  button.hidden = false;
}

/** Everything down to the end was on the screen of somebody who looks. */
function noteReading() {
  if (!isAtEnd()) return;
  unseen = 0;
  find('#newer').hidden = true;
  const newest = [...shown.keys()].sort().at(-1);
  if (newest && document.hasFocus() && memory.markRead(channel, newest)) tell('read');
}

const asked = new Map();
/** Changes come in bursts: each lead and the channel are read once per burst, and never twice at the same time. */
async function soon(name, work) {
  const isUnderWay = asked.has(name);
  asked.set(name, work);
  if (isUnderWay) return;
  while (asked.get(name)) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const newest = asked.get(name);
    asked.set(name, null);
    await newest();
  }
  asked.delete(name);
}

async function refreshLead(lead) {
  const card = await api.card(lead).catch(() => null);
  if (!card) return;
  const wasAtEnd = isAtEnd();
  for (const node of cardsOf(lead)) {
    if (find('#messages').contains(node) && Number(node.dataset.version) <= card.version) drawCard(node, card);
  }
  if (wasAtEnd) pane().scrollTop = pane().scrollHeight;
}

on('changed', ({ channel: where, lead, message }) => {
  if (lead && cardsOf(lead).length) soon(`lead:${lead}`, () => refreshLead(lead));
  if (where === channel && (message || !lead || !cardsOf(lead).length)) soon(`channel:${where}`, () => readNewest(message));
});
on('resync', () => channel && readNewest());

export function startMessages() {
  pane().addEventListener('scroll', noteReading, { passive: true });
  addEventListener('focus', noteReading);
  find('#newer').addEventListener('click', () => {
    pane().scrollTop = pane().scrollHeight;
    noteReading();
  });
}
