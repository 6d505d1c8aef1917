export { ensureBrand, hasBrand } from './brand.ts';
export { accountRoutes } from './routes.ts';
export { createKey, createSignInLink } from './sessions.ts';
