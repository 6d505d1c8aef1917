/**
 * A Vendure shop as its own documentation sets one up, without plugins: products of one variant each, half of them with stock, and its
 * Shop API on a port.
 *
 *   node serve.mjs '{"url", "port", "items"}'
 *
 * Prints one line of JSON when it answers for products 1 to `items`. Ends with its standard input.
 */
import { createRequire } from 'node:module';

// The package is CommonJS, and is there only where somebody asked for this peer.
const load = createRequire(import.meta.url);
const {
  bootstrap,
  ChannelService,
  CountryService,
  DefaultLogger,
  LanguageCode,
  LogLevel,
  ProductService,
  ProductVariantService,
  RequestContextService,
  StockLocationService,
  TaxCategoryService,
  ZoneService,
} = load('@vendure/core');

const options = JSON.parse(process.argv[2]);
const database = new URL(options.url);

const app = await bootstrap({
  apiOptions: {
    port: options.port,
    hostname: '127.0.0.1',
    adminApiPath: 'admin-api',
    shopApiPath: 'shop-api',
  },
  authOptions: {
    tokenMethod: 'bearer',
    superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
    cookieOptions: { secret: 'bench' },
  },
  dbConnectionOptions: {
    type: 'postgres',
    url: undefined,
    host: database.searchParams.get('host') ?? database.hostname,
    port: Number(database.searchParams.get('port') ?? (database.port || 5432)),
    username: decodeURIComponent(database.searchParams.get('user') ?? database.username),
    password: decodeURIComponent(database.password),
    database: database.pathname.slice(1),
    synchronize: true,
    logging: false,
  },
  logger: new DefaultLogger({ level: LogLevel.Error }),
  paymentOptions: { paymentMethodHandlers: [] },
});

await stock();
console.log(JSON.stringify({ items: options.items }));
process.stdin.resume().on('end', () => process.exit(0));

async function stock() {
  const context = await app.get(RequestContextService).create({ apiType: 'admin' });
  const country = await app.get(CountryService).create(context, {
    code: 'GB',
    enabled: true,
    translations: [{ languageCode: LanguageCode.en, name: 'United Kingdom' }],
  });
  const zone = await app.get(ZoneService).create(context, { name: 'Europe', memberIds: [country.id] });
  const channel = await app.get(ChannelService).getDefaultChannel(context);
  await app.get(ChannelService).update(context, {
    id: channel.id,
    defaultTaxZoneId: zone.id,
    defaultShippingZoneId: zone.id,
  });
  const taxCategory = await app
    .get(TaxCategoryService)
    .create(context, { name: 'Standard', isDefault: true });
  const within = await app.get(RequestContextService).create({ apiType: 'admin' });
  const location = await app.get(StockLocationService).defaultStockLocation(within);
  for (let item = 1; item <= options.items; item++) {
    const product = await app.get(ProductService).create(within, {
      enabled: true,
      translations: [
        { languageCode: LanguageCode.en, name: `Item ${item}`, slug: `item-${item}`, description: '' },
      ],
    });
    await app.get(ProductVariantService).create(within, [
      {
        productId: product.id,
        sku: `SKU-${item}`,
        price: 1000,
        taxCategoryId: taxCategory.id,
        trackInventory: 'TRUE',
        stockLevels: [{ stockLocationId: location.id, stockOnHand: item % 2 === 0 ? 0 : 10 }],
        translations: [{ languageCode: LanguageCode.en, name: `Item ${item}` }],
      },
    ]);
  }
}
