export { askToBeTold, confirmToBeTold } from './back-in-stock.ts';
export { joinDrop, openDrop, viewDraw, viewDrop } from './drop.ts';
export { sellWhatIsDue } from './due.ts';
export { sellingRoutes } from './routes.ts';
export { beginValidation } from './validation.ts';
