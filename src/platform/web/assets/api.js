// Talks to the board. Every failure is an Error whose message a person can read.

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

let member = null;

/** Another tab of this browser may become somebody else; this one then acts for nobody. */
export function actFor(who) {
  member = who;
}

async function ask(method, path, body, signal) {
  let response;
  try {
    response = await fetch(`/board/api/${path}`, {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(member === null ? {} : { 'board-member': encodeURIComponent(member) }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused('The board cannot be reached. Your text is kept; try again in a moment.', 0);
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new Refused(answer?.error ?? `The board answered with ${response.status}.`, response.status);
}

const get = (path, signal) => ask('GET', path, undefined, signal);
const post = (path, body) => ask('POST', path, body);

/** Names one request, so that sending it again changes nothing. Works without a secure context. */
export function requestKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const me = () => get('me');
export const staff = () => get('staff');
export const choose = (member) => post('choose', { member });
export const signIn = (member, code) => post('sign-in', { member, code });
export const signOut = () => post('sign-out', {});
export const channels = (read) => get(`channels?read=${encodeURIComponent(JSON.stringify(read))}`);

export function messages(channel, { before, limit, signal } = {}) {
  const query = new URLSearchParams();
  if (before) query.set('before', before);
  if (limit) query.set('limit', limit);
  return get(`channels/${encodeURIComponent(channel)}/messages?${query}`, signal);
}

export const card = (lead, turns) => get(`leads/L-${lead}${turns ? `?turns=${turns}` : ''}`);
export const history = (lead) => get(`leads/L-${lead}/history`);
export const conversation = (lead) => get(`public/L-${lead}`);
export const publicSide = () => get('public');
export const click = (command, lead, key) => post('click', { command, lead, key });
export const fillIn = (form) => post('form', form);
export const command = (line, key) => post('command', { line, key });
export const complete = (line, signal) => get(`complete?line=${encodeURIComponent(line)}`, signal);
