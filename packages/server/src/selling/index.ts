export { askToBeTold, confirmToBeTold } from './back-in-stock.ts';
export { joinDrop, viewDraw, viewDrop } from './drop.ts';
export { sellWhatIsDue } from './due.ts';
export { sellingRoutes } from './routes.ts';
