import { dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { bookOf } from './book.ts';
import { readBookSettings } from './book-store.ts';
import { burnDownOf } from './burn-down.ts';
import { ageingOf, historyOf } from './history.ts';
import { metricsOf } from './metrics.ts';
import { moneyOf } from './money.ts';
import { decimal } from './tables.ts';

const WEEK_DAYS = 7;

/** The week on one page: what the book is worth, what moved it, when it is gone, how old it is, whose money it is. */
export interface Week {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export async function weekOf(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Week> {
  const { title } = await readBookSettings(client, brandId);
  const book = await bookOf(kept, client, brandId, { by: 'purchase_order', limit: 5 });
  const from = dayText(dayNumber(book.day) - WEEK_DAYS + 1);
  const history = await historyOf(kept, client, brandId, { from, to: book.day });
  const burn = await burnDownOf(kept, client, brandId, { days: 365, measure: 'value' });
  const ageing = await ageingOf(kept, client, brandId, { basis: 'order' });
  const owed = await moneyOf(kept, client, brandId);
  const impact = await metricsOf(kept, client, brandId, {});
  const told = (amount: number, currency = book.currency) => `${decimal(amount, currency)} ${currency}`;
  const sums = (values: readonly { amount: number; currency: string }[]) =>
    values.map(({ amount, currency }) => told(amount, currency)).join(', ') || '0';
  const moves = new Map<string, { units: number; value: number }>();
  for (const { kind, by, units, value } of history.days.flatMap((day) => day.moves)) {
    const name = by === '' ? kind : `${kind} by ${by}`;
    const sum = moves.get(name) ?? { units: 0, value: 0 };
    moves.set(name, { units: sum.units + units, value: sum.value + value });
  }
  const sections: [string, [string, string, string][]][] = [
    [
      'The book',
      [
        [
          'Value, net of discounts',
          book.value === null ? sums(book.currencies.map(({ value }) => value)) : told(book.value.amount),
          '',
        ],
        [
          'Units · lines · orders · customers',
          `${book.units} · ${book.lines} · ${book.orders} · ${book.customers}`,
          '',
        ],
        ...book.states.map((row): [string, string, string] => [
          row.key.replaceAll('_', ' '),
          told(row.value.amount, row.value.currency),
          `${row.units} units`,
        ]),
      ],
    ],
    [
      `What moved it since ${from}`,
      [
        [`At the start`, told(history.opening.value, history.currency), `${history.opening.units} units`],
        ...[...moves]
          .filter(([, { units, value }]) => units !== 0 || value !== 0)
          .map(([name, { units, value }]): [string, string, string] => [
            name,
            told(value, history.currency),
            `${units} units`,
          ]),
      ],
    ],
    [
      'Coming down',
      [
        ['Half of it gone', burn.halfOn ?? 'not within a year', 'in half of the scenarios'],
        ['All that is backed gone', burn.goneOn ?? 'not within a year', 'in half of the scenarios'],
        ['Left without supply', told(burn.withoutSupply), ''],
      ],
    ],
    [
      'Largest purchase orders',
      (book.groups ?? []).map((row): [string, string, string] => [
        row.title,
        told(row.value.amount, row.value.currency),
        `${row.units} units`,
      ]),
    ],
    [
      'Days since the order',
      ageing.buckets.map((row): [string, string, string] => [
        row.key,
        sums(row.values),
        `${row.units} units`,
      ]),
    ],
    [
      'Money',
      [
        ...owed.deferred.map((row): [string, string, string] => [
          'Deferred revenue',
          told(row.deferred, row.currency),
          'net of tax',
        ]),
        ...owed.reconciliation.map((row): [string, string, string] => [
          'Prepaid · balance due',
          `${told(row.prepaid, row.currency)} · ${told(row.unpaid, row.currency)}`,
          'of the book',
        ]),
        [
          'Refunds owed',
          String(owed.refundsOwed.length),
          owed.refundsOwed[0] === undefined ? '' : `the first by ${owed.refundsOwed[0].dueOn}`,
        ],
      ],
    ],
    [
      `Impact, orders of ${impact.from} to ${impact.to}`,
      impact.metrics
        .filter(({ value }) => value !== null)
        .map((one): [string, string, string] => [one.title, figure(one.value!, one.unit, told), one.formula]),
    ],
  ];
  const subject = `${title}: the backorder book on ${book.day}`;
  return { subject, html: pageOf(subject, sections), text: textOf(subject, sections) };
}

function figure(value: number, unit: string, told: (amount: number) => string): string {
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`;
  if (unit === 'money') return told(value);
  return unit === 'days' ? `${Math.round(10 * value) / 10} days` : String(Math.round(100 * value) / 100);
}

type Sections = readonly (readonly [string, readonly (readonly [string, string, string])[]])[];

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;color:#1d1d1b;background:#fff;max-width:46rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.25rem}h2{font-size:.95rem;margin:1.1rem 0 .25rem}table{width:100%;border-collapse:collapse}
td{padding:.15rem .4rem .15rem 0;border-bottom:1px solid #e5e2dc;vertical-align:top}td:nth-child(2){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:nth-child(3){color:#5c5a55;padding-left:.8rem;width:38%}@page{size:A4;margin:12mm}@media print{body{margin:0;font-size:10px}h2{margin:.5rem 0 .1rem}}`;

function pageOf(title: string, sections: Sections): string {
  const rows = (list: Sections[number][1]) =>
    list.length === 0
      ? '<p>Nothing.</p>'
      : `<table>${list.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
  const body = sections.map(([heading, list]) => `<h2>${escaped(heading)}</h2>${rows(list)}`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

function textOf(title: string, sections: Sections): string {
  return [
    title,
    ...sections.flatMap(([heading, rows]) => [
      '',
      heading,
      ...rows.map((row) => `  ${row.filter(Boolean).join('  ')}`),
    ]),
  ].join('\n');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
