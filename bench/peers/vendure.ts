import { fileURLToPath } from 'node:url';
import type { BenchBrand } from '../brand.ts';
import { installPeer, type Peer, servePeer } from './peer.ts';

/** Vendure, a shop in TypeScript, asked for a product's stock through its Shop API, on the PostgreSQL that Kept is measured on. */

const DIRECTORY = fileURLToPath(new URL('vendure', import.meta.url));
const SERVE = fileURLToPath(new URL('vendure/serve.mjs', import.meta.url));
const ITEMS = 1000;
const QUERY =
  'query($id:ID!){product(id:$id){id enabled variants{id sku name priceWithTax currencyCode stockLevel}}}';

/** Installs it where it is not (some 450 packages, 140 MB), and opens it in a database of its own. */
export async function serveVendure({ url, asOwner }: Pick<BenchBrand, 'url' | 'asOwner'>): Promise<Peer> {
  await installPeer(DIRECTORY, '@vendure/core');
  await asOwner('create database vendure');
  // A number below 1,000 behind a 1 is one of its ids, which are 1 to 2,000.
  const variables = `${encodeURIComponent('{"id":"1')}{n}${encodeURIComponent('"}')}`;
  const path = `/shop-api?${new URLSearchParams({ query: QUERY })}&variables=${variables}`;
  const asked = { path, numbers: ITEMS, header: 'apollo-require-preflight: 1' };
  return servePeer(SERVE, { url: url.replace('/kept?', '/vendure?'), items: 2 * ITEMS }, asked);
}
