export { BUYER_SIGNALS, type BuyerSignalKind } from './buyer-signals.ts';
export { signalRoutes } from './routes.ts';
export {
  openSignals,
  type Raised,
  raiseSignals,
  type SignalView,
  syncSignals,
  withdrawSignal,
} from './signals.ts';
