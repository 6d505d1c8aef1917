export { applyOrderRecords, cancelOrderLines } from './apply-records.ts';
export { cancelOpenLines, cancelWhatIsDue } from './due.ts';
export { demandRoutes } from './routes.ts';
