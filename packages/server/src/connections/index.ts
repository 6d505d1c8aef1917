export { checkSecrets } from './connections.ts';
export {
  AccessLost,
  type Action,
  type ActionKind,
  type Authorisation,
  type Availability,
  Busy,
  type Capabilities,
  type Connection,
  type ConnectionContext,
  type ConnectionLog,
  type Connector,
  type Fact,
  type FactKind,
  type Finding,
  type Outcome,
  type Page,
  type Push,
  type Reading,
  type Received,
} from './connector.ts';
export { type ConnectionHealth, examineConnections } from './examine.ts';
export { offerConnectors } from './registry.ts';
export { connectionRoutes } from './routes.ts';
export { runConnections, workConnections } from './work.ts';
