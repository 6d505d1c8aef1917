/** Reads the demo brand's files, made by examples/demo/derive.ts from public sources. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { sampleDay } from './dates.ts';

const FOLDER = join(import.meta.dirname, '../../../../examples/demo');

export type ChannelName = 'web' | 'wholesale' | 'amazon';
export interface SampleItem {
  sku: string;
  title: string;
  /** List price in pence. */
  pence: number;
}
export interface SampleLine {
  sku: string;
  quantity: number;
  /** Units the customer gave back before they were sent: none or all of them. */
  cancelled: number;
  pence: number;
}
export interface SampleOrder {
  ref: string;
  /** Sample day, 0 is the first. */
  day: number;
  /** Minute of that day in the brand's time zone. */
  minute: number;
  channel: ChannelName;
  /** An invented number, the same for all orders of one customer. */
  customer: number;
  country: string;
  lines: SampleLine[];
}
/** Days late at a rising list of shares; negative is early. */
export interface SlipTable {
  deliveries: number;
  points: { share: number; days: number }[];
}

const rowsOf = (text: string): Record<string, string>[] =>
  parse(text, { columns: true }) as Record<string, string>[];

export function readItems(): SampleItem[] {
  return rowsOf(readFileSync(join(FOLDER, 'items.csv'), 'utf8')).map((row) => ({
    sku: row.sku!,
    title: row.title!,
    pence: Number(row.pence),
  }));
}

/** Orders by the time they were placed. */
export function readOrders(): SampleOrder[] {
  const orders = new Map<string, SampleOrder>();
  const text = gunzipSync(readFileSync(join(FOLDER, 'order-lines.csv.gz'))).toString('utf8');
  for (const row of rowsOf(text)) {
    let order = orders.get(row.order!);
    if (!order) {
      const [day, time] = row.placed!.split(' ') as [string, string];
      order = {
        ref: row.order!,
        day: sampleDay(day),
        minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)),
        channel: row.channel as ChannelName,
        customer: Number(row.customer),
        country: row.country!,
        lines: [],
      };
      orders.set(order.ref, order);
    }
    order.lines.push({
      sku: row.sku!,
      quantity: Number(row.quantity),
      cancelled: Number(row.cancelled),
      pence: Number(row.pence),
    });
  }
  return [...orders.values()];
}

/** By freight mode: air, air_charter, ocean, truck. */
export function readSlips(): Map<string, SlipTable> {
  const tables = new Map<string, SlipTable>();
  for (const { mode, deliveries, ...quantiles } of rowsOf(readFileSync(join(FOLDER, 'slips.csv'), 'utf8')))
    tables.set(mode!, {
      deliveries: Number(deliveries),
      points: Object.entries(quantiles).map(([name, days]) => ({
        share: Number(name.slice(1)) / 100,
        days: Number(days),
      })),
    });
  return tables;
}
