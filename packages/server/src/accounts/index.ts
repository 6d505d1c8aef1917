export { ensureBrand, hasBrand } from './brand.ts';
export { openToAnybody } from './guard.ts';
export { accountRoutes } from './routes.ts';
export { createKey, createSignInLink } from './sessions.ts';
