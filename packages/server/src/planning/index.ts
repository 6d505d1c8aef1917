export { startDueForecasts, startForecasts, workForecasts } from './forecast-run.ts';
export { planningRoutes } from './routes.ts';
