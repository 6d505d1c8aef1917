export { learnFromReceipts } from './learn-slips.ts';
export { viewOrder as viewPurchaseOrder } from './order-views.ts';
export { savePurchaseOrders } from './purchase-orders.ts';
export { saveRevisions } from './revise.ts';
export { supplyRoutes } from './routes.ts';
export { saveStockLevels } from './stock.ts';
export { saveSupply } from './supplies.ts';
export { SupposedOrders } from './suppose.ts';
export { receiveLine, receiveSupply } from './told-receipts.ts';
