export { askForExport, erase, eraseWhatIsDue } from './customers.ts';
export { privacyRoutes } from './routes.ts';
