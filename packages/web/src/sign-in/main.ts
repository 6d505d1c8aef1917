import './sign-in.css';

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
    tell(
      error instanceof DOMException
        ? 'No passkey was used.'
        : 'Kept cannot be reached. Try again in a moment.',
    );
  } finally {
    for (const button of document.querySelectorAll('button')) button.disabled = false;
  }
}

/** Into the dashboard, and without the way back to this form. */
function enter(): void {
  location.replace('/');
}

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
  if (!asksForCode) tell(body?.detail ?? 'That did not work.');
}

async function accept(): Promise<void> {
  const { status, body } = await post('/sign-in/invitation/accept', {
    token: invitation,
    password: field('password').value,
  });
  if (status === 204) return enter();
  const [first] = body?.errors ?? [];
  tell(first === undefined ? (body?.detail ?? 'That did not work.') : `This password: ${first.message}.`);
}

async function usePasskey(): Promise<void> {
  const { body } = await post('/sign-in/passkey/question', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    body as PublicKeyCredentialRequestOptionsJSON,
  );
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const answer = await post('/sign-in/passkey', { response: credential.toJSON() });
  if (answer.status === 204) return enter();
  tell(answer.body?.detail ?? 'That did not work.');
}

async function showInvitation(token: string): Promise<void> {
  document.title = 'Your account at Kept';
  at('title').textContent = 'Welcome';
  at('password-name').textContent = 'Choose a password';
  at('enter').textContent = 'Open my account';
  field('password').autocomplete = 'new-password';
  show('password-hint');
  show('email-field', false);
  const { status, body } = await post('/sign-in/invitation', { token });
  if (status !== 200) {
    show('form', false);
    at('for').textContent = body?.detail ?? '';
  } else {
    const { name, brand, email } = body as { name: string; brand: string; email: string };
    at('for').textContent = `${name}, ${brand} has invited you. You will sign in as ${email}.`;
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

at('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void busy(invitation === null ? signIn : accept);
});
at('passkey').addEventListener('click', () => void busy(usePasskey));
void busy(() => (invitation === null ? showWays() : showInvitation(invitation)));
