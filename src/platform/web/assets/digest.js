// A morning digest: figures, two small charts, and the leads to look at first.

import { el } from './dom.js';
import { leadChip } from './parts.js';
import { said, visible } from './said.js';
import { age, dayName } from './time.js';

const AGES = ['under 1 h', '1–4 h', '4–24 h', '1–3 d', 'longer'];
const RESPONSES = ['15 min', '1 h', '4 h', '24 h', '3 d', 'longer'];

export function digestMessage(digest) {
  const day = digest.yesterday;
  const open = digest.open_by_age.reduce((sum, count) => sum + count, 0);
  return el(
    'article.card.digest',
    { tabIndex: -1, 'aria-label': `Digest of ${digest.department_name}` },
    el(
      'header.top',
      {},
      el(
        'div.who',
        {},
        el('span.name', {}, `Good morning, ${digest.department_name}`),
        el('div.byline', {}, dayName(digest.day)),
      ),
    ),
    el(
      'dl.figures',
      {},
      figure('open now', open),
      figure('breached', digest.breached.length, digest.breached.length > 0),
      figure('new leads', day.leads),
      figure('replies', day.replies),
      figure('resolved', day.resolved),
      figure('won', day.won),
      figure('handed on', day.handed_on),
      figure('missed targets', day.breaches, day.breaches > 0),
    ),
    el(
      'div.charts',
      {},
      bars('Open by how long the author has waited', AGES, digest.open_by_age, 3),
      bars('Yesterday’s first answers came within', RESPONSES, day.first_responses, 4),
    ),
    list('Waiting longest', digest.oldest),
    digest.breached.length
      ? el(
          'section',
          {},
          el('h2', {}, 'Past their target'),
          el(
            'p.chips',
            {},
            digest.breached.slice(0, 40).map(leadChip),
            digest.breached.length > 40 ? ` and ${digest.breached.length - 40} more` : null,
          ),
        )
      : null,
    list('Claimed, but quiet', digest.stale_claims),
    list('Hand-offs nobody answered yet', digest.open_hand_offs),
  );
}

function figure(label, value, isBad = false) {
  return el('div', { data: isBad ? { tone: 'late' } : {} }, el('dt', {}, label), el('dd', {}, value.toLocaleString('en')));
}

/** From `warnFrom` on the bars are in the colour of lateness. */
function bars(title, labels, values, warnFrom) {
  const most = Math.max(...values, 1);
  return el(
    'figure.bars',
    {},
    el('figcaption', {}, title),
    el(
      'ul',
      {},
      values.map((value, index) => {
        const bar = el('span.bar', { 'aria-hidden': 'true' });
        bar.style.setProperty('--part', value / most);
        if (index >= warnFrom) bar.dataset.tone = 'late';
        return el('li', {}, el('span.label', {}, labels[index]), el('span.track', {}, bar), el('span.value', {}, value));
      }),
    ),
  );
}

function list(title, rows) {
  return rows.length ? el('section', {}, el('h2', {}, title), rowList(rows)) : null;
}

export function rowList(rows) {
  return el(
    'ul.rows',
    {},
    rows.map((row) =>
      el(
        'li',
        {},
        row.lead ? leadChip(row.lead) : null,
        el('div', {}, el('span', {}, visible(row.text)), row.said ? el('span.excerpt', {}, said(row.said)) : null),
        row.at ? age(row.at) : null,
      ),
    ),
  );
}
