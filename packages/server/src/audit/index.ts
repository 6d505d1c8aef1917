export { logAccess } from './access-log.ts';
export { auditRoutes } from './routes.ts';
export { auditFaults, sealAudit } from './seal.ts';
