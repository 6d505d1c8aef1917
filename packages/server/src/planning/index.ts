export { startDueForecasts, startForecasts, workForecasts } from './forecast-run.ts';
export { readLatestForecasts, type StoredForecast } from './forecast-store.ts';
export { FRESH_DAYS, fromDay } from './forecasts.ts';
export { arrivalsSeen, projectionOf, slipsOf } from './projection.ts';
export { planningRoutes } from './routes.ts';
export { pageSuggestions } from './suggestions.ts';
