import { afterEach, expect, test } from 'vitest';
import { agree } from './testing/agreement.ts';
import { type ConnectedBrand, connectedBrand } from './testing/connected-brand.ts';

let brand: ConnectedBrand | null = null;
afterEach(async () => {
  await brand?.close();
  brand = null;
});

/** Beyond what is there and less than what is coming: what each buys waits in part. */
const AMAZON_SHIPS_BY = '2026-04-01T06:59:59Z';
const orderPath = (name: string) => `/v1/orders/${encodeURIComponent(name)}`;

test.each(['fair', 'foul'] as const)(
  'in %s weather three channels sell one item, its purchase order slips, and in the end all say the same',
  async (weather) => {
    brand = await connectedBrand();
    const { shop, variants, amazon, buying, partner, mails, call } = brand;
    const { LAMP } = variants;
    const listing = () => amazon.world.listings.get('LAMP')!;
    const held = (order: { id: string }) =>
      shop.fulfillmentOrders
        .filter((one) => one.order === order.id && one.status === 'ON_HOLD')
        .flatMap((one) => one.lines)
        .reduce((units, part) => units + part.remaining, 0);

    // Four crates of twelve are on order, and known to all three channels.
    brand.weather(weather);
    const purchase = buying.order([{ sku: 'LAMP', quantity: 4, on: '2026-03-06' }]);
    await brand.work();
    await agree(brand);
    expect(LAMP.inventoryPolicy).toBe('CONTINUE');

    // All at once, before anybody has told anybody: six are there, and 37 are sold.
    const [waits, switches, cancels] = ['waits', 'switches', 'cancels'].map((name, index) =>
      shop.buy([{ variant: LAMP, quantity: 3 + index }], { email: `${name}@example.com` }),
    ) as [ReturnType<typeof shop.buy>, ReturnType<typeof shop.buy>, ReturnType<typeof shop.buy>];
    const sold = [2, 3].map((quantity) =>
      amazon.shop.sell({ items: [{ sku: 'LAMP', quantity }], shipBy: AMAZON_SHIPS_BY }),
    );
    await brand.partnerOrders('PO-1', 20);
    await brand.work();
    await agree(brand);
    const names = [
      ...[waits, switches, cancels].map(({ name }) => `web:${name}`),
      ...sold.map(({ orderId }) => `amazon-us:${orderId}`),
      'wholesale:north-PO-1',
    ];
    let backed = 0;
    for (const name of names)
      for (const { kind, quantity } of (await call('GET', orderPath(name))).lines[0].commitments)
        if (kind !== 'waiting') backed += quantity;
    expect(backed).toBe(37);
    const answered = partner.told.get('PO-1/1');
    const restockedOn = listing().restockOn!;
    expect(listing().quantity).toBe(6 + 48 - 37);
    expect([waits, switches, cancels].map(held)).toEqual([3, 4, 5]);
    expect(partner.sets).toContain('855');

    // The supplier is two weeks late: that is beyond what was allowed for.
    purchase.lines[0]!.on = '2026-03-20';
    buying.touch(purchase, purchase.lines[0]);
    await brand.work();
    await agree(brand);
    expect(listing().restockOn! > restockedOn).toBe(true);
    expect(partner.sets).toContain('865');
    expect(partner.told.get('PO-1/1')).not.toEqual(answered);
    const notices = mails.filter((mail) => mail.kind === 'delay_notice');
    expect(notices.map((mail) => mail.to).sort()).toEqual([
      'cancels@example.com',
      'switches@example.com',
      'waits@example.com',
    ]);

    // Each chooses on the page that the mail leads to.
    const choose = async (name: string, choice: Record<string, unknown>) => {
      const { link } = notices.find((mail) => mail.to === `${name}@example.com`)!;
      const { pathname } = new URL(link!);
      const page = await call('GET', pathname);
      await call('POST', `${pathname}/choice`, {
        ...choice,
        ...(choice.choice === 'switch' && { line: page.lines[0].line }),
      });
    };
    await choose('waits', { choice: 'wait' });
    await choose('switches', { choice: 'switch', sku: 'MUG', confirmed: true });
    await choose('cancels', { choice: 'cancel', confirmed: true });
    await brand.work();
    await agree(brand);
    const bought = (order: typeof waits) =>
      order.lines.flatMap(({ quantity, removed, variant }) =>
        quantity > removed ? [`${quantity - removed} ${variant.sku}`] : [],
      );
    expect([waits, switches, cancels].map(bought)).toEqual([['3 LAMP'], ['4 MUG'], []]);
    expect(cancels.cancelledAt).not.toBeNull();
    const refunded = (order: typeof waits) =>
      order.transactions.flatMap((one) => (one.kind === 'REFUND' ? [one.amount] : []));
    expect([waits, switches, cancels].map(refunded)).toEqual([[], [], ['50.00']]);

    // The lamps are here: who waits has them, and they are let go.
    purchase.lines[0]!.received = 4;
    buying.touch(purchase, purchase.lines[0]);
    shop.move(LAMP.item, brand.place.id, 'available', 48);
    await brand.work();
    await agree(brand);
    const open = [
      `web:${waits.name}`,
      `web:${switches.name}`,
      ...sold.map((order) => `amazon-us:${order.orderId}`),
      'wholesale:north-PO-1',
    ];
    for (const name of open) {
      const { lines } = await call('GET', orderPath(name));
      for (const { commitments } of lines)
        for (const { kind } of commitments) expect(`${name} ${kind}`).toBe(`${name} reserved`);
      await call('POST', `/v1/releases/${encodeURIComponent(name)}/approve`);
    }
    await brand.work();
    await agree(brand);
    expect([waits, switches, cancels].map(held)).toEqual([0, 0, 0]);

    // Everything leaves: the shop's parcels are packed there, the others by whoever runs the warehouse.
    expect([waits, switches].map((order) => shop.fulfil(order))).toEqual([3, 4]);
    for (const [index, name] of open.slice(2).entries()) {
      const { lines } = await call('GET', orderPath(name));
      await call('POST', `${orderPath(name)}/shipments`, {
        lines: lines.map((one: { line: string; open: number }) => ({ line: one.line, quantity: one.open })),
        carrier: 'UPS',
        tracking: `1Z${index}`,
      });
    }
    await brand.work();
    await agree(brand);
    expect(sold.map(({ status, packages }) => [status, packages[0]?.trackingNumber])).toEqual([
      ['SHIPPED', '1Z0'],
      ['SHIPPED', '1Z1'],
    ]);
    expect(partner.shipped.get('PO-1/1')).toBe(20);
    expect(partner.sets).toContain('856');
    const left = (await call('GET', '/v1/items/LAMP')).stock[0];
    expect(left).toMatchObject({ sellable: 6 + 48 - 3 - 5 - 20, reserved: 0 });
    // Nobody was told twice.
    const told = mails.map((mail) => `${mail.to} ${mail.kind}`);
    expect(new Set(told).size).toBe(told.length);
  },
  240_000,
);
