export { startDueForecasts, startForecasts, workForecasts } from './forecast-run.ts';
export { projectionOf } from './projection.ts';
export { planningRoutes } from './routes.ts';
export { pageSuggestions } from './suggestions.ts';
