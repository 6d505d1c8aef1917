export { foldBook } from './fold.ts';
export { reportWeek } from './report.ts';
export { bookRoutes } from './routes.ts';
