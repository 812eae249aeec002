// Who tells whom: rooms of the page announce what happened here and do not know each other.

const listeners = new Map();

export function on(what, listener) {
  if (!listeners.has(what)) listeners.set(what, []);
  listeners.get(what).push(listener);
}

export function tell(what, detail) {
  for (const listener of listeners.get(what) ?? []) listener(detail);
}
