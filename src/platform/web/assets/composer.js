// The command line at the foot of the channel: an ARIA combobox whose completions come from the desk's catalogue.

import * as api from './api.js';
import { take } from './asking.js';
import { el, find } from './dom.js';
import * as memory from './memory.js';
import { toast } from './notices.js';

let options = [];
let active = -1;
let asked = null;
let pause;
let past = -1;

export function startComposer() {
  const input = find('#command');
  input.addEventListener('input', () => {
    past = -1;
    choose(input, -1);
    clearTimeout(pause);
    pause = setTimeout(() => complete(input), 60);
  });
  input.addEventListener('keydown', (event) => key(event, input));
  input.addEventListener('blur', () => setTimeout(close, 150));
  input.addEventListener('focus', () => input.value.startsWith('/') && complete(input));
  find('#composer').addEventListener('submit', (event) => {
    event.preventDefault();
    run(input);
  });
}

async function complete(input) {
  asked?.abort();
  asked = new AbortController();
  if (!input.value.startsWith('/')) return close();
  try {
    const { completions } = await api.complete(input.value, asked.signal);
    if (document.activeElement === input) show(input, completions);
  } catch {
    close();
  }
}

function show(input, completions) {
  options = completions;
  active = -1;
  const list = find('#completions');
  list.replaceChildren(
    ...completions.map((completion, index) => {
      const option = el(
        'li',
        { id: `completion-${index}`, role: 'option', 'aria-selected': 'false' },
        el('span.line', {}, completion.line),
        el('span.about', {}, completion.about),
      );
      // The pointer must not take the focus away from the line.
      option.addEventListener('pointerdown', (event) => event.preventDefault());
      option.addEventListener('click', () => accept(input, index));
      return option;
    }),
  );
  list.hidden = completions.length === 0;
  input.setAttribute('aria-expanded', String(!list.hidden));
  input.removeAttribute('aria-activedescendant');
}

function close() {
  options = [];
  active = -1;
  find('#completions').hidden = true;
  find('#command').setAttribute('aria-expanded', 'false');
  find('#command').removeAttribute('aria-activedescendant');
}

function move(input, step) {
  const from = active < 0 && step < 0 ? 0 : active;
  choose(input, (from + step + options.length) % options.length);
}

/** What was highlighted belongs to the line as it was then, so typing on chooses nothing. */
function choose(input, index) {
  active = index;
  for (const [place, option] of [...find('#completions').children].entries()) {
    option.setAttribute('aria-selected', String(place === active));
    if (place === active) option.scrollIntoView({ block: 'nearest' });
  }
  if (active < 0) input.removeAttribute('aria-activedescendant');
  else input.setAttribute('aria-activedescendant', `completion-${active}`);
}

function accept(input, index) {
  const { line } = options[index];
  input.value = line.endsWith(' ') ? line : `${line} `;
  input.focus();
  complete(input);
}

function key(event, input) {
  if (event.isComposing) return;
  const isOpen = options.length > 0;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const step = event.key === 'ArrowDown' ? 1 : -1;
    if (isOpen) move(input, step);
    else recall(input, -step);
    event.preventDefault();
  } else if (event.key === 'Tab' && isOpen && !event.shiftKey) {
    accept(input, Math.max(active, 0));
    event.preventDefault();
  } else if (event.key === 'Enter' && active >= 0) {
    accept(input, active);
    event.preventDefault();
  } else if (event.key === 'Escape') {
    if (isOpen) close();
    else input.blur();
    event.stopPropagation();
  }
}

/** Lines that were run before, as in a terminal. */
function recall(input, step) {
  const lines = memory.pastLines();
  past = Math.min(Math.max(past + step, -1), lines.length - 1);
  input.value = past < 0 ? '' : lines[past];
}

async function run(input) {
  const line = input.value.trim();
  const button = find('#run');
  if (!line || button.ariaBusy === 'true') return;
  clearTimeout(pause);
  asked?.abort();
  close();
  button.ariaBusy = 'true';
  try {
    const answer = await api.command(line, api.requestKey());
    memory.keepLine(line);
    past = -1;
    // A refused line stays, to be mended.
    if (answer.notice?.tone !== 'refused') input.value = '';
    take(answer);
  } catch (error) {
    toast('refused', error.message);
  } finally {
    button.ariaBusy = null;
  }
}

export function focusCommand(line) {
  const input = find('#command');
  if (line && !input.value) input.value = line;
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
  complete(input);
}
