// Private answers: short ones as toasts that are read out, lists and long texts in the details pane.

import * as api from './api.js';
import { el, find, leadName } from './dom.js';
import { on, tell } from './hub.js';
import { leadChip } from './parts.js';
import { visible } from './said.js';

/** What Switchboard tells this member unasked stands in the private channel, and is shown at once as well. */
export function startNotices(member) {
  on('changed', async ({ channel, message }) => {
    if (channel !== `@${member}` || !message || find('#channel').dataset.channel === channel) return;
    for (const wait of [60, 300, 1000, 2000]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const page = await api.messages(channel, { limit: 10 }).catch(() => null);
      const told = page?.messages.find(({ ref }) => ref === message);
      if (told?.notice) return toast('plain', told.notice.text, told.notice.lead);
    }
  });
}

const SHOWN = { done: 5000, plain: 7000, warning: 12000, refused: 12000 };
const MOST = 4;

/** Is this something to read rather than to notice? */
const isLong = (notice) => (notice.rows?.length ?? 0) > 0 || notice.text.length > 240 || notice.text.includes('\n');

export function showNotice(notice, { lead } = {}) {
  if (isLong(notice)) {
    tell('open-list', { notice });
    return;
  }
  toast(notice.tone, notice.text, lead);
}

export function toast(tone, text, lead) {
  const region = find(tone === 'refused' || tone === 'warning' ? '#warned' : '#told');
  const close = () => node.remove();
  const node = el(
    'div.toast',
    { data: { tone } },
    el('p', {}, visible(text)),
    lead && !text.includes(leadName(lead)) ? leadChip(lead) : null,
    el('button.quiet.icon', { type: 'button', 'aria-label': 'Dismiss', onclick: close }, '✕'),
  );
  region.append(node);
  while (region.childElementCount > MOST) region.firstElementChild.remove();
  // The clock stands while somebody reads it.
  let timer = setTimeout(close, SHOWN[tone] ?? 7000);
  for (const pause of ['pointerenter', 'focusin']) node.addEventListener(pause, () => clearTimeout(timer));
  for (const resume of ['pointerleave', 'focusout'])
    node.addEventListener(resume, () => {
      timer = setTimeout(close, 3000);
    });
}
