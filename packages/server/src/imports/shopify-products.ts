import { currencyOf } from './currency.ts';
import { type Format, rowByRow, type Setup } from './format.ts';
import { columnNames } from './places.ts';
import { problem } from './problem.ts';

/**
 * Shopify's products export, with its old and its new column names. Each variant becomes an item and a listing of it
 * in the channel. The export holds no variant ids: a listing is named by the handle and the option values. A blank SKU
 * is listed unmapped, and one that two variants claim maps neither until it is resolved (RULES 3).
 */
export const shopifyProducts: Format = {
  kind: 'shopify_products',
  required: [['url handle', 'handle'], 'title', ['sku', 'variant sku'], ['price', 'variant price']],
  survey: (header) => ({
    dates: [],
    numbers: [header.column('price', 'variant price'), header.column('cost per item')],
    unique: header.column('sku', 'variant sku'),
  }),
  open(setup) {
    const { cells, header } = setup;
    const c = columnsOf(setup);
    const channel = setup.refs.channelOfFile('shopify');
    const named = columnNames({
      sku: c.sku,
      title: c.title,
      price: c.price,
      cost: c.cost,
      policy: c.policy,
      externalId: c.handle,
    });
    const currencyColumn = header.column('currency');
    const created = new Set<string>();
    let product = { handle: '', title: '', status: '' };

    return rowByRow(cells, setup, (fields, line) => {
      const handle = cells.code(fields, c.handle, 'a handle');
      const title = cells.words(fields, c.title);
      if (handle !== product.handle) {
        if (title === '' && !cells.bad)
          cells.fail(c.title, '', problem('is missing', "a title on the product's first row"));
        product = { handle, title, status: cells.text(fields, c.status).toLowerCase() };
      }
      const options = c.options
        .map((column) => cells.words(fields, column))
        .filter((value) => value !== '' && value !== 'Default Title');
      const sku = cells.code(fields, c.sku, 'a SKU', false);
      const priceText = cells.text(fields, c.price);
      // rows that only carry a further picture
      if (sku === '' && priceText === '' && options.length === 0) return;
      if (cells.text(fields, c.giftCard).toLowerCase() === 'true') return setup.ignore(1);
      const currency = currencyOf(setup, fields, currencyColumn);
      const price = cells.amount(fields, c.price, currency);
      const cost = cells.amount(fields, c.cost, currency, -1);
      const policy = policyOf(setup, fields);
      if (cells.bad) return;
      const variant = options.length === 0 ? product.title : `${product.title} - ${options.join(' / ')}`;
      const externalId = [handle, ...options].join('/').slice(0, 120);
      const listing = { kind: 'listing' as const, channel, externalId, title: variant.slice(0, 500) };
      const place = { line, columns: named };
      if (sku === '') {
        setup.warn(line, c.sku, '', `"${variant.slice(0, 100)}" has no SKU: listed, but mapped to no item`);
        setup.emit({ ...listing, sku: null, problem: 'blank_sku' }, place);
        return;
      }
      const repeated = setup.repeated.has(sku);
      if (!created.has(sku)) {
        if (repeated) created.add(sku);
        const item = {
          sku,
          title: listing.title,
          price: { amount: price, currency },
          ...(cost >= 0 && { cost: { amount: cost, currency } }),
          ...(product.status === 'archived' && { lifecycle: 'discontinued' as const }),
          ...(policy && { policy }),
        };
        setup.emit({ kind: 'item', item }, place);
      }
      if (repeated) {
        setup.warn(
          line,
          c.sku,
          sku,
          'is the SKU of more than one variant: none of them is mapped until this is resolved',
        );
        setup.emit({ ...listing, sku: null, problem: 'duplicate_sku', claimedSku: sku }, place);
      } else setup.emit({ ...listing, sku }, place);
    });
  },
};

function columnsOf({ header }: Setup) {
  const column = header.column.bind(header);
  return {
    handle: column('url handle', 'handle'),
    title: column('title'),
    sku: column('sku', 'variant sku'),
    price: column('price', 'variant price'),
    cost: column('cost per item'),
    status: column('status'),
    policy: column('continue selling when out of stock', 'variant inventory policy'),
    giftCard: column('gift card'),
    options: [column('option1 value'), column('option2 value'), column('option3 value')],
  };
}

/** Whether the shop goes on selling without stock: continue, or deny. */
function policyOf(setup: Setup, fields: string[]): 'backorder' | 'out_of_stock' | null {
  const column = setup.header.column('continue selling when out of stock', 'variant inventory policy');
  const text = setup.cells.text(fields, column).toLowerCase();
  if (text === '') return null;
  if (['continue', 'true', 'yes', '1'].includes(text)) return 'backorder';
  if (['deny', 'false', 'no', '0'].includes(text)) return 'out_of_stock';
  setup.cells.fail(column, text, problem('is not an inventory policy', 'continue or deny'));
  return null;
}
