import { language } from '../platform/language.ts';
import './sign-in.css';
import { words } from './words.ts';

/** What the server says where something is not right. */
interface Problem {
  detail?: string;
  needs?: string;
  errors?: { path: string; message: string }[];
}

const at = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const show = (id: string, shown = true) => {
  at(id).hidden = !shown;
};
const field = (id: string) => at<HTMLInputElement>(id);

/** In the fragment, which no server and no log ever sees. */
const fragment = new URLSearchParams(location.hash.slice(1));
const invitation = fragment.get('invitation');

async function post(path: string, body: object): Promise<{ status: number; body: Problem | null }> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}

function tell(trouble: string | null): void {
  at('trouble').textContent = trouble ?? '';
  show('trouble', trouble !== null);
}

/** One thing at a time: what is pressed twice is done once. */
async function busy(work: () => Promise<void>): Promise<void> {
  tell(null);
  for (const button of document.querySelectorAll('button')) button.disabled = true;
  try {
    await work();
  } catch (error) {
    tell(error instanceof DOMException ? words.noPasskey : words.unreachable);
  } finally {
    for (const button of document.querySelectorAll('button')) button.disabled = false;
  }
}

/** Into the dashboard, and without the way back to this form. */
function enter(): void {
  location.replace('/');
}

/** How an answer is put that nothing more is known of than its status. */
const saying = (status: number) => (status === 429 ? words.tooOften : words.failed);

async function signIn(): Promise<void> {
  const code = field('code').value.trim();
  const { status, body } = await post('/sign-in/password', {
    email: field('email').value,
    password: field('password').value,
    ...(at('code-field').hidden ? {} : { code }),
  });
  if (status === 204) return enter();
  const asksForCode = body?.needs === 'code' && at('code-field').hidden;
  if (body?.needs === 'code') {
    show('code-field');
    field('code').value = '';
    field('code').focus();
  }
  if (asksForCode) return;
  if (body?.needs === 'passkey') return tell(words.wantsPasskey(body.detail));
  const say = status === 401 ? (body?.needs === 'code' ? words.wrongCode : words.wrong) : saying(status);
  tell(say(body?.detail));
}

async function accept(): Promise<void> {
  const { status, body } = await post('/sign-in/invitation/accept', {
    token: invitation,
    password: field('password').value,
  });
  if (status === 204) return enter();
  const [first] = body?.errors ?? [];
  tell(first === undefined ? saying(status)(body?.detail) : words.badPassword(first.message));
}

async function usePasskey(): Promise<void> {
  const { status, body } = await post('/sign-in/passkey/question', {});
  if (status !== 200) return tell(saying(status)(body?.detail));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    body as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const answer = await post('/sign-in/passkey', { response: credential.toJSON() });
  if (answer.status === 204) return enter();
  const say = answer.status === 401 ? words.unknownPasskey : saying(answer.status);
  tell(say(answer.body?.detail));
}

async function showInvitation(token: string): Promise<void> {
  document.title = words.account;
  at('title').textContent = words.welcome;
  at('password-name').textContent = words.choose;
  at('enter').textContent = words.open;
  field('password').autocomplete = 'new-password';
  show('password-hint');
  show('email-field', false);
  const { status, body } = await post('/sign-in/invitation', { token });
  if (status !== 200) {
    show('form', false);
    at('for').textContent = (status === 404 ? words.gone : saying(status))(body?.detail);
  } else {
    const { name, brand, email } = body as { name: string; brand: string; email: string };
    at('for').textContent = words.invited(name, brand, email);
    // A password manager keeps the password under it.
    field('email').value = email;
  }
  show('for');
}

async function showWays(): Promise<void> {
  show('passkey', 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential);
  const { otherHouse } = await (await fetch('/sign-in/ways')).json();
  show('other-house', otherHouse);
  tell(fragment.get('trouble'));
}

document.documentElement.lang = language;
document.title = words.titleOf;
for (const [id, text] of Object.entries(words.page)) at(id).textContent = text;

at('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void busy(invitation === null ? signIn : accept);
});
at('passkey').addEventListener('click', () => void busy(usePasskey));
void busy(() => (invitation === null ? showWays() : showInvitation(invitation)));
