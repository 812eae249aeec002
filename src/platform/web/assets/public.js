// The public side: conversations as everybody on the network reads them.

import { avatar, el, leadName, networkName } from './dom.js';
import { tell } from './hub.js';
import { profile } from './parts.js';
import { outside, said, saidBox, visible } from './said.js';
import { age } from './time.js';

export function conversationView(conversation) {
  if (conversation.stub) return el('p.empty', {}, 'This conversation is confidential. Only its department reads it.');
  const author = conversation.author;
  const isPrivate = conversation.kind === 'direct_message';
  return el(
    'div',
    {},
    el(
      'p.quiet.lead-in',
      {},
      isPrivate ? 'A private message: only its author and we read this, on ' : 'What everybody reads on ',
      visible(networkName(conversation.network), false),
      '. ',
      el('span.links', {}, conversation.url ? outside(conversation.url, 'Original') : null, profile(author)),
    ),
    conversation.earlier > 0 ? el('p.quiet', {}, `${conversation.earlier} earlier turns are not shown here.`) : null,
    el(
      'ol.thread',
      {},
      conversation.turns.map((turn) => turnOf(conversation, author, turn)),
    ),
  );
}

function turnOf(conversation, author, turn) {
  const isOurs = turn.author === null;
  const name = isOurs ? conversation.company : turn.author;
  const shown = isOurs || !author || turn.author !== author.handle ? name : author.name || author.handle;
  return el(
    'li.public-turn',
    { data: { publicTurn: isOurs ? 'company' : 'author', by: isOurs ? 'company' : 'author' } },
    el('p.speaker', {}, avatar(shown, 'small'), isOurs ? shown : said(shown), ' · ', age(turn.at)),
    el('div.bubble', {}, saidBox(turn.text, `public:${conversation.lead}:${turn.at}`)),
    turn.url ? outside(turn.url, isOurs ? 'Permalink' : 'Link') : null,
  );
}

export function publicList({ leads }) {
  if (!leads.length) return el('p.empty', {}, 'No public conversation yet.');
  return el(
    'ul.stream',
    {},
    leads.map((lead) =>
      el(
        'li',
        {},
        el(
          'button.stream-entry',
          {
            type: 'button',
            data: { open: leadName(lead.lead) },
            onclick: () => tell('open-lead', { lead: lead.lead, explicit: true }),
          },
          el(
            'span.row',
            {},
            lead.author ? said(lead.author.name || lead.author.handle, 'name') : el('span', {}, 'unknown'),
            el('span.quiet', {}, ' on ', visible(networkName(lead.network), false)),
            age(lead.at),
          ),
          said(lead.excerpt, 'excerpt'),
          el(
            'span.quiet',
            {},
            `${leadName(lead.lead)} · ${lead.department} · ${lead.replies ? `answered ${lead.replies === 1 ? 'once' : `${lead.replies} times`}` : 'not answered yet'}`,
          ),
        ),
      ),
    ),
  );
}
