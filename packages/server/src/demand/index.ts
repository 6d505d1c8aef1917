export { applyOrderRecords, cancelOrderLines } from './apply-records.ts';
export { cancelForCustomer, switchLine } from './customer-changes.ts';
export { cancelByLaw, cancelWhatIsDue } from './due.ts';
export { demandRoutes } from './routes.ts';
