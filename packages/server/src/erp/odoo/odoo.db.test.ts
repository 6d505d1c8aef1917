import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { Buying } from '../testing/buying.ts';
import { erpSide, writesBack } from '../testing/erp-side.ts';
import { odooConnector } from './connector.ts';
import { odooServer } from './simulator/odoo-server.ts';

for (const protocol of ['json2', 'jsonrpc'] as const) {
  const { url } = await testDatabase();
  const start = async () => {
    const buying = new Buying();
    const server = await odooServer(buying, protocol);
    const { address } = server;
    const settings = { address, database: 'brand', protocol, user: 'buyer', locations: { WH: 'main' } };
    return erpSide(buying, server, settings, { apiKey: 'key' });
  };
  conforms(`Odoo over ${protocol}`, url, { connector: odooConnector, start });
  writesBack(`Odoo over ${protocol}`, odooConnector, start);
}
