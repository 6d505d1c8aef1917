import { expect, test } from 'vitest';
import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { Buying } from '../testing/buying.ts';
import { erpSide, writesBack } from '../testing/erp-side.ts';
import { odooConnector } from './connector.ts';
import { odooServer } from './simulator/odoo-server.ts';

for (const protocol of ['json2', 'jsonrpc', 'xmlrpc'] as const) {
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

test.each(['json2', 'jsonrpc', 'xmlrpc'] as const)(
  'over %s a key that Odoo does not take is a person’s',
  async (protocol) => {
    const server = await odooServer(new Buying(), protocol);
    const connection = odooConnector.open({
      settings: odooConnector.settings.parse({
        address: server.address,
        database: 'brand',
        protocol,
        user: 'buyer',
        locations: {},
      }),
      secrets: { apiKey: 'key' },
      now: () => new Date(),
      fetch,
      log: { info() {}, warn() {} },
      saveSecrets: async () => {},
      pushUrl: null,
    });
    try {
      expect(await connection.check()).toContainEqual(expect.objectContaining({ code: 'signed_in' }));
      // It is taken back while a session is open.
      server.key = 'another';
      await expect(connection.check()).rejects.toMatchObject({ name: 'AccessLost' });
      await expect(connection.check()).rejects.toMatchObject({ name: 'AccessLost' });
    } finally {
      await server.close();
    }
  },
);
