/**
 * Medusa's inventory module as its own application runs it: reservations through `createReservationItems`, a lock in
 * memory around it for each item, as its create-reservations step takes one from the in-memory locking module.
 *
 *   node load.mjs '{"url", "do": "prepare", "items"}'                     makes the database and stocked items
 *   node load.mjs '{"url", "do": "reserve", "items", "seconds", "inFlight"}'  items at random (1: the hot one); starts at "go"
 *   node load.mjs '{"url", "do": "sellOut", "sku", "tries", "inFlight"}'  one unit a try; starts at "go"
 *   node load.mjs '{"url", "do": "stock", "sku", "units"}'                one more item
 *   node load.mjs '{"url", "do": "serve", "port", "items", "inFlight"}'   answers /available?item=N until its standard input ends
 *
 * Each prints one line of JSON when it has finished, "serve" when it answers; the loads print "ready" before.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// The packages are CommonJS, and are there only where somebody asked for this peer.
const load = createRequire(import.meta.url);
const { MedusaModule } = load('@medusajs/framework/modules-sdk');
const { ContainerRegistrationKeys, createMedusaContainer, Modules, ModulesSdkUtils } =
  load('@medusajs/framework/utils');
const { asValue } = load('@medusajs/framework/awilix');

const LOCATION = 'main';
const STOCKED = 1_000_000_000;
/** Items made in one call. */
const STEP = 1000;

const options = JSON.parse(process.argv[2]);
const modulePath = load.resolve('@medusajs/inventory');
const moduleOptions = { database: { clientUrl: options.url } };
const connection = ModulesSdkUtils.createPgConnection({
  clientUrl: options.url,
  pool: { min: 1, max: options.inFlight ?? 4 },
});
const container = createMedusaContainer();
container.register(ContainerRegistrationKeys.PG_CONNECTION, asValue(connection));

/** By item: when the last reservation of it has ended. */
const locks = new Map();

const tasks = { prepare, stock, reserve, sellOut, serve };
console.log(JSON.stringify(await tasks[options.do]()));
if (options.do !== 'serve') process.exit(0); // its pools would keep it alive

async function prepare() {
  await MedusaModule.migrateUp({
    moduleKey: Modules.INVENTORY,
    modulePath,
    options: moduleOptions,
    cwd: import.meta.dirname,
    container,
  });
  const inventory = await openInventory();
  for (let from = 0; from < options.items; from += STEP) {
    const count = Math.min(STEP, options.items - from);
    await addItems(
      inventory,
      Array.from({ length: count }, (_, index) => `item-${from + index}`),
      STOCKED,
    );
  }
  return {};
}

async function stock() {
  await addItems(await openInventory(), [options.sku], options.units);
  return {};
}

async function reserve() {
  const inventory = await openInventory();
  const ids = await itemIds(Array.from({ length: options.items }, (_, index) => `item-${index}`));
  await start();
  const began = performance.now();
  const until = began + options.seconds * 1000;
  let made = 0;
  await inFlight(async () => {
    while (performance.now() < until) {
      await reserveOne(inventory, ids[Math.floor(Math.random() * ids.length)]);
      made++;
    }
  });
  return { made, seconds: (performance.now() - began) / 1000 };
}

async function sellOut() {
  const inventory = await openInventory();
  const [id] = await itemIds([options.sku]);
  await start();
  let left = options.tries;
  let sold = 0;
  await inFlight(async () => {
    while (left-- > 0)
      try {
        await reserveOne(inventory, id);
        sold++;
      } catch (error) {
        if (!/not enough stock/i.test(error.message)) throw error;
      }
  });
  return { sold };
}

async function serve() {
  const inventory = await openInventory();
  const ids = await itemIds(Array.from({ length: options.items }, (_, index) => `item-${index}`));
  const server = createServer(async ({ url }, response) => {
    const id = ids[Number(url.slice(url.indexOf('=') + 1))];
    const quantity = await inventory.retrieveAvailableQuantity(id, [LOCATION]);
    const body = JSON.stringify({ id, quantity: Number(quantity) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  process.stdin.resume().on('end', () => process.exit(0));
  return { items: options.items };
}

async function openInventory() {
  const loaded = await MedusaModule.bootstrap({
    moduleKey: Modules.INVENTORY,
    defaultPath: modulePath,
    declaration: { scope: 'internal', resolve: modulePath, options: moduleOptions },
    sharedContainer: container,
    cwd: import.meta.dirname,
  });
  return loaded[Modules.INVENTORY];
}

async function addItems(inventory, skus, units) {
  const items = await inventory.createInventoryItems(skus.map((sku) => ({ sku, title: sku })));
  await inventory.createInventoryLevels(
    items.map(({ id }) => ({ inventory_item_id: id, location_id: LOCATION, stocked_quantity: units })),
  );
}

async function itemIds(skus) {
  const rows = await connection('inventory_item').select('id').whereIn('sku', skus);
  return rows.map(({ id }) => id);
}

function reserveOne(inventory, id) {
  const work = () =>
    inventory.createReservationItems([{ inventory_item_id: id, location_id: LOCATION, quantity: 1 }]);
  const mine = (locks.get(id) ?? Promise.resolve()).then(work);
  locks.set(
    id,
    mine.catch(() => {}),
  );
  return mine;
}

function inFlight(work) {
  return Promise.all(Array.from({ length: options.inFlight }, work));
}

/** All processes begin together. */
async function start() {
  const input = createInterface({ input: process.stdin });
  console.log('ready');
  await once(input, 'line');
  input.close();
}
