import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { Buying } from '../testing/buying.ts';
import { erpSide, writesBack } from '../testing/erp-side.ts';
import { netsuiteConnector } from './connector.ts';
import { NetsuiteRest } from './rest.ts';
import { ACCOUNT_ZONE, netsuiteServer } from './simulator/netsuite-server.ts';

const { url } = await testDatabase();
const keys = generateKeyPairSync('rsa', {
  modulusLength: 3072,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const settingsOf = (address: string, clientId = 'client') => ({
  account: '1234567_SB1',
  address,
  clientId,
  certificateId: 'certificate',
  timeZone: ACCOUNT_ZONE,
  currency: 'USD',
  locations: { 'Main DC': 'main' },
});
const start = async () => {
  const buying = new Buying();
  const server = await netsuiteServer(buying, keys.publicKey);
  return erpSide(
    buying,
    server,
    settingsOf(server.address),
    { privateKey: keys.privateKey },
    {
      order: (order) => order.number,
      line: server.lineNumber,
    },
  );
};
conforms('NetSuite', url, { connector: netsuiteConnector, start });
writesBack('NetSuite', netsuiteConnector, start);

test('an integration that NetSuite does not know is told as what a person has to mend', async () => {
  const server = await netsuiteServer(new Buying(), keys.publicKey);
  const rest = new NetsuiteRest({
    settings: netsuiteConnector.settings.parse(settingsOf(server.address, 'another')),
    secrets: { privateKey: keys.privateKey },
    now: () => new Date(),
    fetch,
    log: { info() {}, warn() {} },
    saveSecrets: async () => {},
    pushUrl: null,
  });
  await expect(rest.query('SELECT id FROM location')).rejects.toMatchObject({
    name: 'AccessLost',
    message: expect.stringContaining('client id, certificate and role'),
  });
  await server.close();
});
