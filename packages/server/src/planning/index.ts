export { startDueForecasts, startForecasts, workForecasts } from './forecast-run.ts';
export { arrivalsSeen, projectionOf, slipsOf } from './projection.ts';
export { planningRoutes } from './routes.ts';
export { pageSuggestions } from './suggestions.ts';
