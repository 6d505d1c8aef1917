export { planningRoutes } from './routes.ts';
export { pageSuggestions } from './suggestions.ts';
