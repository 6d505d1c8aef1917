export { trytonConnector } from './tryton/index.ts';
