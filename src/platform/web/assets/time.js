// Ages and clocks by the server's time, ticking together once a second.

import { el, icon } from './dom.js';

let offset = 0;

export function setServerTime(text) {
  offset = Date.parse(text) - Date.now();
}

export const now = () => Date.now() + offset;

const SECOND = 1000,
  MINUTE = 60 * SECOND,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;

export function span(milliseconds) {
  const length = Math.abs(milliseconds);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) {
    const minutes = Math.floor((length % HOUR) / MINUTE);
    return `${Math.floor(length / HOUR)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  return `${Math.floor(length / DAY)} d`;
}

const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

export const fullDate = (text) => long.format(Date.parse(text));
export const dayName = (text) => day.format(Date.parse(text));

/** `5 min`, growing older by itself. */
export function age(text) {
  const node = el('time.age', { dateTime: text, title: fullDate(text), data: { age: text } });
  tickAge(node);
  return node;
}

function tickAge(node) {
  const passed = now() - Date.parse(node.dataset.age);
  setText(
    node,
    passed < 10 * SECOND ? 'now' : passed < HOUR ? span(passed) : passed < DAY ? `${Math.floor(passed / HOUR)} h` : span(passed),
  );
}

/** The response clock: counts down, turns amber, then red; says so where it stands. */
export function responseClock(card) {
  if (card.stub) return null;
  if (card.state === 'resolved') {
    return card.first_response
      ? quietClock('check', `answered in ${span(Date.parse(card.first_response) - Date.parse(card.opened))}`)
      : null;
  }
  if (!card.due) {
    const theirTurn = card.turns.length > 0 && card.turns.at(-1).author === null;
    return theirTurn || card.first_response
      ? quietClock('pause', 'clock paused', 'The ball is with the author; the clock starts again when they write.')
      : quietClock('clock', 'no target', 'This department sets no response target for this priority.');
  }
  const node = el(
    'span.clock',
    { title: `Answer due ${fullDate(card.due)}`, data: { due: card.due, opened: card.opened } },
    icon('clock'),
    el('span'),
  );
  tickClock(node);
  return node;
}

function quietClock(image, text, title) {
  return el('span.clock.quiet', { title }, icon(image), el('span', {}, text));
}

function tickClock(node) {
  const due = Date.parse(node.dataset.due);
  const left = due - now();
  const whole = due - Date.parse(node.dataset.opened);
  const tone = left <= 0 ? 'late' : left < Math.max(whole / 4, 15 * MINUTE) ? 'soon' : 'calm';
  if (node.dataset.tone !== tone) node.dataset.tone = tone;
  setText(
    node.lastChild,
    left <= 0 ? `${span(left)} overdue` : left > 12 * HOUR ? `due ${short.format(due)}` : `${span(left)} left`,
  );
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

setInterval(() => {
  for (const node of document.querySelectorAll('[data-age]')) tickAge(node);
  for (const node of document.querySelectorAll('[data-due]')) tickClock(node);
}, SECOND);
