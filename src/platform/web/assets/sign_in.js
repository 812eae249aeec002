// The door: who are you? A list of the staff where nobody signs in, else a name and a personal code.

import * as api from './api.js';
import { avatar, el, find } from './dom.js';

export async function showDoor(me) {
  document.title = `${me.company} · Switchboard`;
  const door = find('#door');
  door.hidden = false;
  door.replaceChildren(
    el(
      'div.door',
      {},
      el('img', { src: '/board/assets/icon.svg', alt: '', width: 44, height: 44 }),
      el('h1', {}, me.signIn ? 'Sign in' : 'Who are you?'),
      el(
        'p.quiet',
        {},
        me.signIn
          ? `The switchboard of ${me.company}`
          : `The switchboard of ${me.company} listens only on this computer, so nobody checks. Choose a colleague; open a second browser to be another.`,
      ),
      me.signIn ? signInForm() : await chooser(),
    ),
  );
  find('input, .staff button', door)?.focus();
}

async function chooser() {
  const { staff } = await api.staff();
  const problem = el('p.error', { role: 'alert' });
  return [
    el(
      'ul.staff',
      {},
      staff.map((member) =>
        el(
          'li',
          {},
          el(
            'button',
            {
              type: 'button',
              data: { member: member.id },
              async onclick() {
                try {
                  await api.choose(member.id);
                  location.reload();
                } catch (error) {
                  problem.textContent = error.message;
                }
              },
            },
            avatar(member.name, 'round'),
            el('span', {}, el('strong', {}, member.name), el('span.quiet', {}, rolesOf(member))),
          ),
        ),
      ),
    ),
    problem,
  ];
}

export function rolesOf(member) {
  const roles = member.roles.map(({ department, role }) => `${department} (${role})`);
  if (member.admin) roles.unshift('Administrator');
  if (member.away) roles.push(`away ${member.away}`);
  return roles.join(', ') || 'no department';
}

function signInForm() {
  const name = el('input', {
    type: 'text',
    id: 'sign-in-member',
    name: 'member',
    autocomplete: 'username',
    autocapitalize: 'off',
    spellcheck: false,
    required: true,
  });
  const code = el('input', {
    type: 'password',
    id: 'sign-in-code',
    name: 'code',
    autocomplete: 'current-password',
    required: true,
  });
  const problem = el('p.error', { role: 'alert' });
  const submit = el('button.primary', { type: 'submit' }, 'Sign in');
  const form = el(
    'form.sign-in',
    {},
    el('div.field', {}, el('label', { htmlFor: name.id }, 'Your short name'), name),
    el('div.field', {}, el('label', { htmlFor: code.id }, 'Your personal code'), code),
    problem,
    submit,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    submit.ariaBusy = 'true';
    try {
      await api.signIn(name.value.trim(), code.value);
      location.reload();
    } catch (error) {
      problem.textContent = error.message;
      code.select();
      code.focus();
    } finally {
      submit.ariaBusy = null;
    }
  });
  return form;
}
