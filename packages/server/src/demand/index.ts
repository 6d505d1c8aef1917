export { applyOrderRecords, cancelOrderLines } from './apply-records.ts';
export { cancelWhatIsDue } from './due.ts';
export { demandRoutes } from './routes.ts';
export { supposeCancellation } from './suppose.ts';
