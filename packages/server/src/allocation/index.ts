export { releaseWhatIsDue } from './releases.ts';
export { allocationRoutes } from './routes.ts';
