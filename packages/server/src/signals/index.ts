export { signalRoutes } from './routes.ts';
export { type Raised, raiseSignals, withdrawSignal } from './signals.ts';
