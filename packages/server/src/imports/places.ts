import type { Cells } from './cells.ts';
import { type Format, rowByRow, type Setup } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import type { Column } from './header.ts';
import { problem } from './problem.ts';

const nothingToSurvey = () => ({ dates: [], numbers: [] });

/** Kept's own template for locations: code, title, channels, country, time_zone, cut_off, closed. */
export const locations: Format = {
  kind: 'locations',
  required: [
    'code',
    'title',
    ['channels', 'cut off', 'cutoff', 'time zone', 'timezone', 'country', 'closed'],
  ],
  survey: nothingToSurvey,
  open(setup) {
    const { cells, header } = setup;
    const columns = {
      code: header.column('code'),
      title: header.column('title'),
      channels: header.column('channels'),
      country: header.column('country'),
      timeZone: header.column('time zone', 'timezone', 'timeZone'),
      cutOff: header.column('cut off', 'cutoff', 'cutOff'),
      closed: header.column('closed'),
    };
    return places(setup, columns, (fields, code, title, place) => {
      const channels = listOf(cells, fields, columns.channels).map((name) =>
        cells.resolved(columns.channels, name, cells.refs.channel(name)),
      );
      const country =
        cells.text(fields, columns.country) === '' ? undefined : cells.country(fields, columns.country);
      const cutOff = cells.text(fields, columns.cutOff);
      if (cutOff !== '' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(cutOff)) {
        cells.fail(columns.cutOff, cutOff, problem('is not a time of day', 'a time of day such as 14:00'));
      }
      const timeZone = cells.text(fields, columns.timeZone);
      if (timeZone !== '' && !isTimeZone(timeZone)) {
        cells.fail(
          columns.timeZone,
          timeZone,
          problem('is not a time zone', 'a time zone such as Europe/Berlin'),
        );
      }
      const closed = cells.flag(fields, columns.closed);
      if (cells.bad) return;
      const location = {
        code,
        title,
        ...(channels.length > 0 ? { channels } : {}),
        ...(country === undefined ? {} : { country }),
        ...(timeZone === '' ? {} : { timeZone }),
        ...(cutOff === '' ? {} : { cutOff }),
        ...(closed ? { closed } : {}),
      };
      setup.emit({ kind: 'location', location }, place);
    });
  },
};

/** Kept's own template for channels: code, title, kind, maximum_promise_days, messages. */
export const channels: Format = {
  kind: 'channels',
  required: ['code', 'title', 'kind'],
  survey: nothingToSurvey,
  open(setup) {
    const { cells, header } = setup;
    const columns = {
      code: header.column('code'),
      title: header.column('title'),
      kind: header.column('kind'),
      maximumPromiseDays: header.column('maximum promise days', 'maximumPromiseDays'),
      messages: header.column('messages'),
    };
    return places(setup, columns, (fields, code, title, place) => {
      const kind = cells.words(fields, columns.kind);
      if (kind === '' && !cells.bad)
        cells.fail(
          columns.kind,
          '',
          problem('is missing', 'a kind such as shopify, amazon, wholesale or web'),
        );
      const days = optionalUnits(cells, fields, columns.maximumPromiseDays, 3650);
      const messages = cells.text(fields, columns.messages).toLowerCase();
      if (!['', 'email', 'channel', 'none'].includes(messages)) {
        cells.fail(
          columns.messages,
          messages,
          problem('is not a way to send messages', 'email, channel or none'),
        );
      }
      if (cells.bad) return;
      const channel = {
        code,
        title,
        kind,
        ...(days === undefined ? {} : { maximumPromiseDays: days }),
        ...(messages === '' ? {} : { messages: messages as 'email' | 'channel' | 'none' }),
      };
      setup.emit({ kind: 'channel', channel }, place);
    });
  },
};

/** Kept's own template for suppliers: code, title, status, lead_time_days, moq, payment_terms. */
export const suppliers: Format = {
  kind: 'suppliers',
  required: [
    'code',
    'title',
    ['lead time days', 'leadTimeDays', 'moq', 'payment terms', 'paymentTerms', 'status'],
  ],
  survey: nothingToSurvey,
  open(setup) {
    const { cells, header } = setup;
    const columns = {
      code: header.column('code'),
      title: header.column('title'),
      status: header.column('status'),
      leadTimeDays: header.column('lead time days', 'leadTimeDays'),
      moq: header.column('moq'),
      paymentTerms: header.column('payment terms', 'paymentTerms'),
    };
    return places(setup, columns, (fields, code, title, place) => {
      const status = cells.text(fields, columns.status).toLowerCase();
      if (!['', 'active', 'abandoned'].includes(status)) {
        cells.fail(columns.status, status, problem('is not a status', 'active or abandoned'));
      }
      const leadTimeDays = optionalUnits(cells, fields, columns.leadTimeDays, 3650);
      const moq = cells.units(fields, columns.moq, 1, 0);
      const paymentTerms = cells.words(fields, columns.paymentTerms);
      if (cells.bad) return;
      const supplier = {
        code,
        title,
        ...(status === '' ? {} : { status: status as 'active' | 'abandoned' }),
        ...(leadTimeDays === undefined ? {} : { leadTimeDays }),
        ...(moq === 0 ? {} : { moq }),
        ...(paymentTerms === '' ? {} : { paymentTerms }),
      };
      setup.emit({ kind: 'supplier', supplier }, place);
    });
  },
};

type Read = (
  fields: string[],
  code: string,
  title: string,
  place: { line: number; columns: Record<string, string> },
) => void;

/** What the three have in common: a code that stands once, and a title. */
function places(setup: Setup, columns: { code: Column; title: Column } & Record<string, Column>, read: Read) {
  const { cells } = setup;
  const seen = new HashedSet();
  const named = columnNames(columns);
  return rowByRow(cells, setup, (fields, line) => {
    const code = cells.code(fields, columns.code, 'a code');
    const title = cells.words(fields, columns.title);
    if (code !== '') refuseRepeat(cells, seen, columns.code, code, line);
    read(fields, code, title === '' ? code : title, { line, columns: named });
  });
}

/** Tells a key that stands in the file twice: the second would silently overwrite the first. */
export function refuseRepeat(
  cells: Cells,
  seen: HashedSet,
  column: Column,
  shownKey: string,
  line: number,
  key = shownKey,
): void {
  const first = seen.add(key, line);
  if (first !== 0)
    cells.fail(column, shownKey, problem(`is there twice, first on line ${first}`, 'each one once'));
}

/** The names of the columns that the file has, by path, for errors that the store tells. */
export function columnNames(columns: Record<string, Column>): Record<string, string> {
  const present = Object.entries(columns).filter(([, column]) => column.index >= 0);
  return Object.fromEntries(present.map(([path, column]) => [path, column.name]));
}

/** Parts of a cell that holds several values: "a|b". */
export function listOf(cells: Cells, fields: string[], column: Column): string[] {
  return cells
    .text(fields, column)
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Whole number of 0 to `most`; undefined for a blank or an error that was told. */
export function optionalUnits(
  cells: Cells,
  fields: string[],
  column: Column,
  most: number,
): number | undefined {
  const value = cells.units(fields, column, 0, -1);
  if (value === -1 || Number.isNaN(value)) return undefined;
  if (value <= most) return value;
  cells.fail(column, String(value), problem('is too large', `at most ${most}`));
  return undefined;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name.length <= 60;
  } catch {
    return false;
  }
}
