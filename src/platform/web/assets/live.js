// The event stream: learns what changed, and reads everything once more after every break.

import * as api from './api.js';
import { find } from './dom.js';
import { tell } from './hub.js';

let source = null;
let known = false;

export function startLive() {
  source = new EventSource('/board/events');
  source.addEventListener('hello', () => {
    say('live', 'Live');
    if (known) tell('resync');
    known = true;
  });
  source.addEventListener('changed', (event) => tell('changed', JSON.parse(event.data)));
  source.addEventListener('error', () => {
    say('connecting', 'Reconnecting…');
    // While it is merely interrupted the browser tries again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 2000);
  });
}

async function again() {
  const me = await api.me().catch(() => null);
  if (me && !me.member) location.reload();
  else startLive();
}

function say(state, text) {
  const node = find('#live');
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  node.textContent = text;
}

// A page that goes away gives its connection back at once; one that returns from the browser's cache reads again.
addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', (event) => {
  if (event.persisted) startLive();
});
