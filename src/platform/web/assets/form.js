// A form as a dialog: the quote, the department's guidelines, fields with the network's own counting, a preview of what
// the public will see. What was typed is kept as a draft until the desk took it, whatever closes the window.

import * as api from './api.js';
import { avatar, el, find, findAll, leadName } from './dom.js';
import { check, fieldOf } from './field.js';
import { tell } from './hub.js';
import * as memory from './memory.js';
import { showNotice, toast } from './notices.js';
import { saidBlock, saidBox, visible } from './said.js';
import { age } from './time.js';

let company = '';
export const speakFor = (name) => {
  company = name;
};

/** Commands whose text the public will read. */
const PUBLIC = new Set(['reply']);

export function openForm(form, typed = null) {
  find('dialog.form')?.remove();
  const draft = typed ? null : memory.draft(form.lead, form.command);
  const dialog = el('dialog.form', { 'aria-labelledby': 'form-title', data: { form: form.command, lead: leadName(form.lead) } });
  const opener = document.activeElement;
  const returnTo = opener?.closest?.('[data-lead]');
  const problem = el('div.problem', { role: 'alert', hidden: true });
  const fields = form.fields.map((field) => fieldOf(field, typed?.[field.name] ?? draft?.fields[field.name] ?? field.value));
  const submit = el('button.primary', { type: 'submit', data: { submit: form.command } }, form.submit);
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.control.value]));
  const isTouched = () => form.fields.some((field) => values()[field.name] !== field.value);

  const element = el(
    'form',
    { noValidate: true },
    el(
      'header',
      {},
      el('h2', { id: 'form-title' }, visible(form.title, false)),
      el('button.quiet.icon', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕'),
    ),
    el(
      'div.body',
      {},
      problem,
      draft && draftNote(draft, form, fields),
      form.quote ? el('blockquote', {}, saidBox(form.quote)) : null,
      form.guidelines?.length
        ? el(
            'section.guidelines',
            {},
            el('h3', {}, 'How we answer'),
            el(
              'ul',
              {},
              form.guidelines.map((line) => el('li', {}, visible(line))),
            ),
          )
        : null,
      fields.map((field) => field.node),
      PUBLIC.has(form.command) ? preview(fields.find((field) => field.control.tagName === 'TEXTAREA')) : null,
    ),
    el(
      'footer',
      {},
      el('p.quiet', {}, 'Drafts stay in this browser until they are sent.'),
      el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
      submit,
    ),
  );

  element.addEventListener('input', () => {
    if (isTouched()) memory.keepDraft(form.lead, form.command, values());
    else memory.dropDraft(form.lead, form.command);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.requestSubmit();
  });
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (submit.ariaBusy === 'true' || !check(fields)) return;
    submit.ariaBusy = 'true';
    try {
      const answer = await api.fillIn({
        command: form.command,
        lead: form.lead,
        fields: Object.entries(values()),
        seen: form.seen,
        key: form.key,
      });
      settle(answer);
    } catch (error) {
      show(error.message);
    } finally {
      submit.ariaBusy = null;
    }
  });

  function settle(answer) {
    tell('changed', { lead: form.lead });
    if (answer.form) {
      const kept = values();
      dialog.close();
      openForm(answer.form, kept);
      return;
    }
    if (answer.notice.tone !== 'refused') {
      memory.dropDraft(form.lead, form.command);
      sent = true;
      dialog.close();
      showNotice(answer.notice, { lead: form.lead });
      return;
    }
    const field = fields.find((field) => field.name === answer.notice.field);
    if (field) field.complain(answer.notice.text);
    else show(answer.notice.text, true);
  }

  /** A refusal may be about something that happened since; the person looks at it and keeps the text. */
  function show(text, mayReload = false) {
    problem.replaceChildren(
      el('p', {}, visible(text)),
      mayReload ? el('button', { type: 'button', onclick: reload }, 'Look at the lead as it is now') : '',
    );
    problem.hidden = false;
    problem.scrollIntoView({ block: 'nearest' });
  }

  async function reload() {
    const kept = values();
    try {
      const answer = await api.click(form.command, form.lead, api.requestKey());
      if (answer.form) openForm(answer.form, kept);
      else show(answer.notice.text);
      tell('open-lead', { lead: form.lead });
    } catch (error) {
      show(error.message);
    }
  }

  let sent = false;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (!sent && isTouched() && !find('dialog.form')) toast('plain', `Your draft for ${leadName(form.lead)} is kept.`);
    // The button may have gone with the card's new state; its card has not.
    if (!opener?.isConnected || opener === document.body)
      (returnTo?.isConnected ? returnTo : find(`article[data-lead="${leadName(form.lead)}"]`))?.focus();
  });
  dialog.append(element);
  document.body.append(dialog);
  dialog.showModal();
  const first = fields.find((field) => !field.control.value) ?? fields[0];
  first?.control.focus();
  if (typed) memory.keepDraft(form.lead, form.command, values());
}

function draftNote(draft, form, fields) {
  const again = el(
    'button.link',
    {
      type: 'button',
      onclick() {
        memory.dropDraft(form.lead, form.command);
        for (const [index, field] of fields.entries()) field.set(form.fields[index].value);
        note.remove();
      },
    },
    'Start over',
  );
  const note = el('p.draft', {}, 'Your draft is back. Last touched: ', age(new Date(draft.at).toISOString()), '. ', again);
  return note;
}

function preview(field) {
  if (!field) return null;
  const text = el('div.bubble');
  const draw = () =>
    text.replaceChildren(field.control.value.trim() ? saidBlock(field.control.value) : el('span.quiet', {}, 'Nothing yet.'));
  field.control.addEventListener('input', draw);
  draw();
  return el(
    'section.preview',
    { 'aria-label': 'Preview' },
    el('h3', {}, 'What the public will read'),
    el(
      'div.thread',
      {},
      el('div.public-turn', { data: { by: 'company' } }, el('p.speaker', {}, avatar(company, 'small'), company), text),
    ),
  );
}

export const isFormOpen = () => findAll('dialog[open]').length > 0;
