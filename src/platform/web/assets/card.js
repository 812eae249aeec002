// A card: one lead as it is now. The desk decides what stands on it; this only draws.

import * as api from './api.js';
import { avatar, el, findAll, focusWithin, icon, leadName } from './dom.js';
import { tell } from './hub.js';
import { author, banner, followers, historyList, leadChip, media, origin, priority, profile } from './parts.js';
import { outside, said, saidBox, visible } from './said.js';
import { age, responseClock } from './time.js';

/** The single keys of the board, shown on the buttons they press. */
export const KEYS = {
  claim: 'c',
  reply: 'r',
  note: 'n',
  release: 'u',
  assign: 'g',
  'hand-off': 'h',
  accept: 'a',
  decline: 'x',
  escalate: 'e',
  acknowledge: 'y',
  snooze: 'z',
  resolve: 'd',
  reopen: 'o',
};

/** What a person opened on a card stays open when the card is drawn again. */
const opened = new Set();

export function newCard(card) {
  const article = el('article.card', { tabIndex: -1, data: { lead: leadName(card.lead) } });
  article.addEventListener('click', (event) => {
    // Marking text with the mouse is not a choice of the card.
    if (!event.target.closest('button, a, summary') && String(getSelection())) return;
    tell('select', { lead: card.lead, article });
  });
  article.addEventListener('focusin', () => tell('select', { lead: card.lead, article, byFocus: true }));
  drawCard(article, card);
  return article;
}

/** Draws the card anew in place; focus stays where it was, or on the card when its button is gone. */
export function drawCard(article, card) {
  const focused = focusWithin(article);
  const heading = `card-${(article.dataset.uid ??= String(++uid))}`;
  article.dataset.state = card.state;
  article.dataset.priority = card.priority;
  article.dataset.version = card.version;
  article.toggleAttribute('data-breached', card.breached && card.state !== 'resolved' && Boolean(card.due));
  article.setAttribute('aria-labelledby', heading);
  article.replaceChildren(...(card.stub ? stub(card, heading) : whole(card, heading)));
  article.card = card;
  focused?.();
}
let uid = 0;

function stub(card, heading) {
  return [
    el(
      'header.top',
      {},
      leadChip(card.lead),
      el('span.who', { id: heading }, `Confidential lead of ${card.department_name}`),
      el('span.meta', {}, age(card.opened)),
    ),
    el('p.status', {}, icon('lock'), ` ${card.status}. Only its department reads it.`),
  ];
}

function whole(card, heading) {
  const latest = lastOfAuthor(card.turns);
  return [
    el(
      'header.top',
      {},
      avatar(card.author ? card.author.name || card.author.handle : '?', 'round'),
      el('div.who', { id: heading }, author(card.author), el('div.byline', {}, origin(card), followers(card.author))),
      el('div.meta', {}, leadChip(card.lead), age(latest?.at ?? card.opened)),
    ),
    card.earlier > 0 &&
      el(
        'button.link.earlier',
        { type: 'button', data: { focus: 'earlier' }, onclick: () => tell('open-lead', { lead: card.lead }) },
        `${card.earlier} earlier ${card.earlier === 1 ? 'turn' : 'turns'} of this conversation`,
      ),
    ...card.turns.map((turn) => turnOf(card, turn, turn === latest)),
    media(card.media),
    ...card.banners.map(banner),
    el(
      'div.facts',
      {},
      responseClock(card),
      priority(card.priority),
      card.tags.map((tag) => el('span.tag', {}, visible(tag, false))),
      card.mentions > 1 && el('span.tag.plain', {}, `${card.mentions} mentions`),
      card.duplicates > 0 && el('span.tag.plain', {}, card.duplicates === 1 ? '1 repeat' : `${card.duplicates} repeats`),
      el('div.more', {}, reasons(card), history(card), profile(card.author), card.url && outside(card.url, 'Original')),
    ),
    deeds(card),
  ].filter(Boolean);
}

function deeds(card) {
  return el(
    'footer',
    {},
    el(
      'p.status',
      {},
      statusIcon(card),
      card.owner_name && avatar(card.owner_name, 'small'),
      el('span', {}, visible(card.status, false)),
    ),
    el(
      'div.actions',
      { role: 'group', 'aria-label': `Actions for ${leadName(card.lead)}` },
      card.actions.map((action) => button(card, action)),
    ),
  );
}

/** The card without its conversation, for places that show the conversation themselves. */
export function brief(card) {
  if (card.stub) return null;
  return el(
    'section.brief',
    { 'aria-label': 'State', data: { state: card.state } },
    el(
      'div.facts',
      {},
      el('span.tag.plain', {}, card.department_name),
      responseClock(card),
      priority(card.priority),
      card.tags.map((tag) => el('span.tag', {}, visible(tag, false))),
    ),
    card.banners.map(banner),
    deeds(card),
  );
}

const lastOfAuthor = (turns) => turns.findLast((turn) => turn.author !== null);

function turnOf(card, turn, isLatest) {
  const box = saidBox(turn.text, `${card.lead}:${turn.at}`);
  if (isLatest) return el('div.turn.latest', {}, box);
  return el(
    'div.turn',
    { data: { by: turn.author === null ? 'company' : 'author' } },
    el(
      'p.speaker',
      {},
      turn.author === null ? 'Our public reply' : said(turn.author),
      ' · ',
      age(turn.at),
      turn.author === null && turn.url ? [' ', outside(turn.url, 'Permalink')] : null,
    ),
    box,
  );
}

const STATUS_ICONS = { waiting: 'clock', claimed: 'person', snoozed: 'pause', handing_off: 'out', resolved: 'check' };
const statusIcon = (card) => icon(STATUS_ICONS[card.state] ?? 'clock');

function button(card, action) {
  const key = KEYS[action.command];
  const node = el(
    'button',
    { type: 'button', data: { command: action.command }, title: key ? `Key ${key}` : undefined, 'aria-keyshortcuts': key },
    action.form ? `${action.label}…` : action.label,
  );
  if (action.emphasis !== 'normal') node.classList.add(action.emphasis);
  node.addEventListener('click', () => tell('click', { command: action.command, lead: card.lead, button: node }));
  return node;
}

function reasons(card) {
  if (!card.reasons.length) return null;
  return disclosure(card, 'reasons', 'Why here', (body) =>
    body.replaceChildren(
      el(
        'ul',
        {},
        card.reasons.map((reason) => el('li', {}, visible(reason, false))),
      ),
    ),
  );
}

function history(card) {
  return disclosure(card, 'history', 'History', async (body) => {
    if (!body.childElementCount) body.replaceChildren(el('p.quiet', {}, 'Reading…'));
    try {
      body.replaceChildren(historyList(await api.history(card.lead)));
    } catch (error) {
      body.replaceChildren(el('p.error', {}, error.message));
    }
  });
}

function disclosure(card, name, label, fill) {
  const key = `${card.lead}:${name}`;
  const body = el('div.disclosed');
  const node = el(
    'details',
    { open: opened.has(key), data: { disclosure: name } },
    el('summary', { data: { focus: name } }, label),
    body,
  );
  if (node.open) fill(body);
  node.addEventListener('toggle', () => {
    if (node.open === opened.has(key)) return;
    if (node.open) opened.add(key);
    else opened.delete(key);
    if (node.open) fill(body);
  });
  return node;
}

/** Every card of this lead that is on the page. */
export const cardsOf = (lead) => findAll(`article.card[data-lead="${leadName(lead)}"]`);
