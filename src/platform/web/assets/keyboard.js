// Everything by keyboard: single keys while no text is being typed. They can be turned off, for speech control.

import { KEYS } from './card.js';
import { openChannels } from './channels.js';
import { focusCommand } from './composer.js';
import { closeDetails, isSheetOpen, showTab } from './details.js';
import { el, find, findAll } from './dom.js';
import { isFormOpen } from './form.js';
import { on, tell } from './hub.js';
import * as memory from './memory.js';
import { currentChannel } from './messages.js';
import { toast } from './notices.js';

let selected = null;

on('select', ({ article }) => {
  for (const other of findAll('.card.selected')) if (other !== article) other.classList.remove('selected');
  article.classList.add('selected');
  selected = article;
});

const cards = () => findAll('#messages article');

function move(step) {
  const all = cards();
  if (!all.length) return;
  const from = all.indexOf(selected?.isConnected ? selected : document.activeElement?.closest?.('#messages article'));
  const next = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
  selected = all[next];
  selected.focus({ preventScroll: true });
  selected.scrollIntoView({ block: 'nearest' });
}

function moveChannel(step) {
  const all = openChannels();
  const next = all[(all.findIndex((channel) => channel.name === currentChannel()) + step + all.length) % all.length];
  if (next) location.hash = `#/${encodeURIComponent(next.name)}`;
}

function press(command) {
  if (!selected?.isConnected || !selected.card) {
    toast('plain', 'Choose a card first, with j and k.');
    return;
  }
  const button = find(`[data-command="${command}"]`, selected);
  if (button) button.click();
  else toast('plain', `L-${selected.card.lead} offers no “${command}” now: ${selected.card.status}.`);
}

const COMMANDS = Object.fromEntries(Object.entries(KEYS).map(([command, key]) => [key, command]));
const DEEDS = {
  j: () => move(1),
  k: () => move(-1),
  '/': () => focusCommand('/'),
  '?': () => showShortcuts(),
  '[': () => moveChannel(-1),
  ']': () => moveChannel(1),
  p: () => tell('open-public'),
  i: () => openSelected('history'),
  t: () => openSelected('conversation'),
};

function openSelected(tab) {
  if (!selected?.card) return;
  tell('open-lead', { lead: selected.card.lead, explicit: true });
  showTab(tab);
}

function keydown(event) {
  if (event.key === 'Escape' && !isFormOpen()) {
    if (find('#board').dataset.sidebar === 'open') tell('close-sidebar');
    else if (isSheetOpen() || find('#details').contains(document.activeElement)) closeDetails();
    else find('.toast:last-child button.icon')?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isFormOpen() || find('#board').hidden) return;
  if (event.target.closest('input, textarea, select')) return;
  if (event.key === 'Enter' && event.target === selected && selected.card) {
    tell('open-lead', { lead: selected.card.lead, explicit: true });
    return;
  }
  if (!memory.singleKeys()) return;
  const deed = DEEDS[event.key] ?? (COMMANDS[event.key] && (() => press(COMMANDS[event.key])));
  if (deed) {
    event.preventDefault();
    deed();
  }
}

function showShortcuts() {
  const rows = [
    ['j  k', 'next, previous card'],
    ['Enter', 'open the card’s details'],
    ['[  ]', 'previous, next channel'],
    ['/', 'command line'],
    ['t', 'public conversation of the card'],
    ['i', 'history of the card'],
    ['p', 'public side'],
    ...Object.entries(KEYS).map(([command, key]) => [key, command.replace('-', ' ')]),
    ['Ctrl Enter', 'send a form'],
    ['Esc', 'close'],
  ];
  const box = el('input', {
    type: 'checkbox',
    id: 'single-keys',
    checked: memory.singleKeys(),
    onchange: () => memory.chooseSingleKeys(box.checked),
  });
  const dialog = el(
    'dialog.shortcuts',
    { 'aria-labelledby': 'shortcuts-title' },
    el(
      'header',
      {},
      el('h2', { id: 'shortcuts-title' }, 'Keyboard'),
      el('button.quiet.icon', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕'),
    ),
    el(
      'dl',
      {},
      rows.map(([keys, what]) =>
        el(
          'div',
          {},
          el(
            'dt',
            {},
            keys.split('  ').map((key) => el('kbd', {}, key)),
          ),
          el('dd', {}, what),
        ),
      ),
    ),
    el('label', {}, box, ' Single keys act at once'),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function startKeyboard() {
  document.addEventListener('keydown', keydown);
  find('#open-shortcuts').addEventListener('click', showShortcuts);
}
