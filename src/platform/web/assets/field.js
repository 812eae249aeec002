// One field of a form: its label, its limit in the network's own counting, what is wrong with it.

import { count, UNITS } from './counting.js';
import { el } from './dom.js';
import { visible } from './said.js';

export function fieldOf(field, value) {
  const id = `field-${field.name}`;
  const error = el('p.error', { id: `${id}-error`, role: 'alert' });
  const counter = field.limit ? el('p.counter', { id: `${id}-counter` }) : null;
  const control = controlOf(field, id);
  control.value = value ?? '';
  control.setAttribute('aria-describedby', [error.id, field.hint && `${id}-hint`, counter?.id].filter(Boolean).join(' '));

  const measure = () => {
    if (!counter) return;
    const length = count(control.value, field.counting);
    counter.textContent = `${length.toLocaleString('en')} / ${field.limit.toLocaleString('en')} ${UNITS[field.counting] ?? ''}`;
    counter.dataset.tone = length > field.limit ? 'late' : length > field.limit * 0.9 ? 'soon' : 'calm';
  };
  const complain = (text) => {
    error.replaceChildren(...visible(text));
    control.setAttribute('aria-invalid', 'true');
    control.focus();
  };
  control.addEventListener('input', () => {
    error.replaceChildren();
    control.removeAttribute('aria-invalid');
    measure();
  });
  measure();
  return {
    name: field.name,
    control,
    complain,
    set(text) {
      control.value = text;
      control.dispatchEvent(new Event('input', { bubbles: true }));
    },
    /** What is wrong before the desk is asked; the desk decides all the same. */
    wrong() {
      if (field.required && !control.value.trim()) return `${field.label} is needed.`;
      const over = field.limit ? count(control.value, field.counting) - field.limit : 0;
      return over > 0 ? `That is ${over.toLocaleString('en')} too long for this network.` : null;
    },
    node: el(
      'div.field',
      {},
      el(
        'div.labels',
        {},
        el('label', { htmlFor: id }, field.label, field.required ? null : el('span.quiet', {}, ' optional')),
        counter,
      ),
      control,
      field.hint ? el('p.hint', { id: `${id}-hint` }, field.hint) : null,
      error,
    ),
  };
}

function controlOf(field, id) {
  const shared = { id, name: field.name, required: field.required };
  if (field.input === 'choice') {
    return el(
      'select',
      shared,
      field.required && field.value ? null : el('option', { value: '' }, 'Choose…'),
      field.options.map(([value, label]) => el('option', { value }, label)),
    );
  }
  return field.multiline
    ? el('textarea', { ...shared, rows: 5, dir: 'auto' })
    : el('input', { ...shared, type: 'text', dir: 'auto' });
}

/** Shows the first thing that is wrong, if anything is. */
export function check(fields) {
  for (const field of fields) {
    const wrong = field.wrong();
    if (wrong) {
      field.complain(wrong);
      return false;
    }
  }
  return true;
}
