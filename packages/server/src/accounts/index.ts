export { ensureBrand, hasBrand } from './brand.ts';
export { openToAnybody } from './guard.ts';
export { createKey } from './keys.ts';
export { accountRoutes } from './routes.ts';
export { createSignInLink } from './sessions.ts';
export { type SingleSignOn, singleSignOn } from './single-sign-on.ts';
