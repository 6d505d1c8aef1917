import { inLanguage } from '../platform/language.ts';

/** What the server says where something is not right, in English. */
type Said = string | undefined;

/** The words of the page to sign in at. Those of the page itself are English in sign-in.html, and put over by their id. */
const english = {
  page: {} as Readonly<Record<string, string>>,
  titleOf: 'Sign in to Kept',
  failed: (said: Said) => said ?? 'That did not work.',
  wrong: (said: Said) => said ?? 'This address and password do not belong together.',
  wrongCode: (said: Said) => said ?? 'This is not the code that the app shows now.',
  wantsPasskey: (said: Said) => said ?? 'The password is right. Now your passkey.',
  unknownPasskey: (said: Said) => said ?? 'This passkey is not known here.',
  tooOften: (said: Said) => said ?? 'Too many tries. Wait a few minutes.',
  gone: (said: Said) => said ?? 'This invitation is not in force.',
  badPassword: (said: string) => `This password: ${said}.`,
  noPasskey: 'No passkey was used.',
  unreachable: 'Kept cannot be reached. Try again in a moment.',
  account: 'Your account at Kept',
  welcome: 'Welcome',
  choose: 'Choose a password',
  open: 'Open my account',
  invited: (name: string, brand: string, email: string) =>
    `${name}, ${brand} has invited you. You will sign in as ${email}.`,
};

export const words = inLanguage(english, {
  page: {
    title: 'Anmelden',
    'email-name': 'Mailadresse',
    'password-name': 'Passwort',
    'password-hint':
      'Mindestens 10 Zeichen. Drei oder vier Wörter, die niemand mit Ihnen verbindet, sind ein gutes.',
    'code-name': 'Code Ihrer App oder Wiederherstellungscode',
    enter: 'Anmelden',
    passkey: 'Passkey verwenden',
    'other-house': 'Mit dem Konto Ihrer Firma anmelden',
  },
  titleOf: 'Bei Kept anmelden',
  failed: (said) => (said === undefined ? 'Das ging nicht.' : `Das ging nicht: ${said}`),
  wrong: () => 'Diese Adresse und dieses Passwort gehören nicht zusammen.',
  wrongCode: () => 'Das ist nicht der Code, den die App jetzt zeigt, oder er wurde schon verwendet.',
  wantsPasskey: () => 'Das Passwort stimmt. Nun Ihr Passkey: Ihre Marke verlangt zwei Faktoren.',
  unknownPasskey: () => 'Dieser Passkey ist hier nicht bekannt.',
  tooOften: () => 'Zu viele Versuche. Bitte warten Sie einige Minuten.',
  gone: () => 'Diese Einladung gilt nicht oder nicht mehr. Bitten Sie um eine neue.',
  badPassword: (said) => `Dieses Passwort geht nicht: ${said}.`,
  noPasskey: 'Es wurde kein Passkey verwendet.',
  unreachable: 'Kept ist nicht zu erreichen. Versuchen Sie es gleich noch einmal.',
  account: 'Ihr Konto bei Kept',
  welcome: 'Willkommen',
  choose: 'Passwort wählen',
  open: 'Mein Konto öffnen',
  invited: (name, brand, email) => `${name}, ${brand} hat Sie eingeladen. Sie melden sich als ${email} an.`,
});
