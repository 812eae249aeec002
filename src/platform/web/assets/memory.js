// What this browser remembers: drafts, how far each channel was read, small preferences. Never needed to work.

const PREFIX = 'switchboard:';
let member = '';

export function remember(who) {
  member = who;
}

function load(name, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function save(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the page works on, it only forgets.
  }
}

export const readSoFar = () => load(`${member}:read`, {});

export function markRead(channel, message) {
  const read = readSoFar();
  if (read[channel] === undefined || read[channel] < message) {
    read[channel] = message;
    save(`${member}:read`, read);
    return true;
  }
  return false;
}

const draftName = (lead, command) => `${member}:draft:${lead}:${command}`;
export const draft = (lead, command) => load(draftName(lead, command), null);
export const keepDraft = (lead, command, fields) => save(draftName(lead, command), { at: Date.now(), fields });
export const dropDraft = (lead, command) => save(draftName(lead, command), null);

export const pastLines = () => load(`${member}:lines`, []);

export function keepLine(line) {
  save(`${member}:lines`, [line, ...pastLines().filter((past) => past !== line)].slice(0, 30));
}

export const lastChannel = () => load(`${member}:channel`, null);
export const keepChannel = (channel) => save(`${member}:channel`, channel);

export const singleKeys = () => load('single-keys', true);
export const chooseSingleKeys = (wanted) => save('single-keys', wanted);
