export { erpnextConnector } from './erpnext/index.ts';
export { fileConnector } from './file/index.ts';
export { netsuiteConnector } from './netsuite/index.ts';
export { odooConnector } from './odoo/index.ts';
export { trytonConnector } from './tryton/index.ts';
