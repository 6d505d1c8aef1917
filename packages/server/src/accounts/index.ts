export { ensureBrand, FIRST_BRAND, hasBrand } from './brand.ts';
export { openToAnybody } from './guard.ts';
export { createKey, createKeyFor } from './keys.ts';
export { invite as invitePerson, peopleOf } from './people.ts';
export { accountRoutes } from './routes.ts';
export { createSignInLink } from './sessions.ts';
export { type SingleSignOn, singleSignOn } from './single-sign-on.ts';
