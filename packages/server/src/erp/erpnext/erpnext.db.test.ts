import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { Buying } from '../testing/buying.ts';
import { erpSide, writesBack } from '../testing/erp-side.ts';
import { erpnextConnector } from './connector.ts';
import { erpnextServer, SITE_ZONE } from './simulator/erpnext-server.ts';

const { url } = await testDatabase();
const start = async () => {
  const buying = new Buying();
  const server = await erpnextServer(buying);
  const { address } = server;
  const settings = { address, company: 'Brand', timeZone: SITE_ZONE, locations: { 'Stores - B': 'main' } };
  return erpSide(
    buying,
    server,
    settings,
    { apiKey: 'key', apiSecret: 'secret' },
    {
      order: (order) => `PUR-ORD-2026-${order.id}`,
      line: (id) => `row${id}`,
    },
  );
};
conforms('ERPNext', url, { connector: erpnextConnector, start });
writesBack('ERPNext', erpnextConnector, start);
