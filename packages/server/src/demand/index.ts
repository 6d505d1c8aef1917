export { applyOrderRecords, cancelOrderLines } from './apply-records.ts';
export { cancelForCustomer, switchLine } from './customer-changes.ts';
export { cancelByLaw, cancelOpenLines, cancelWhatIsDue } from './due.ts';
export { insertPayment } from './fact-store.ts';
export { updateContact } from './order-store.ts';
export { demandRoutes } from './routes.ts';
export { supposeCancellation } from './suppose.ts';
export { recordUnmet } from './unmet-store.ts';
export { viewOrderNamed } from './view-order.ts';
