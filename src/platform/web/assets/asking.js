// Asks the desk for something and shows its answer: a notice, or a form.

import * as api from './api.js';
import { openForm } from './form.js';
import { on, tell } from './hub.js';
import { showNotice, toast } from './notices.js';

const underWay = new Set();

export function take(answer, lead) {
  if (answer.form) openForm(answer.form);
  else showNotice(answer.notice, { lead });
  if (lead) tell('changed', { lead });
}

/** One click at a time per button, so that a double click is one request. */
export async function click(command, lead, button) {
  const name = `${command}:${lead}`;
  if (underWay.has(name)) return;
  underWay.add(name);
  button?.setAttribute('aria-busy', 'true');
  try {
    take(await api.click(command, lead, api.requestKey()), lead);
  } catch (error) {
    toast('refused', error.message, lead);
  } finally {
    underWay.delete(name);
    button?.removeAttribute('aria-busy');
  }
}

on('click', ({ command, lead, button }) => click(command, lead, button));
