export { storefrontRoutes } from './routes.ts';
export { type DemoShop, shopRoutes } from './shop.ts';
export { loadShowcase, openDemoShop } from './showcase.ts';
