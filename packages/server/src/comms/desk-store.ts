import type pg from 'pg';
import { bigints, dates, ints, texts, timestamps } from '../platform/columns.ts';

/** How an order stands with its customer, as it was last looked at. Days where the goods go. */
export interface StandingRow {
  readonly order: number;
  readonly state: 'notice_due' | 'awaiting_consent' | 'overdue' | 'cancel' | 'asked';
  readonly regime: string;
  readonly lines: number;
  readonly units: number;
  readonly noticeBy: string | null;
  readonly sendBy: string | null;
  readonly silence: 'consent' | 'cancelled' | 'nothing' | null;
  readonly silenceOn: string | null;
  /** When the notice went out that has no answer yet. */
  readonly askedAt: string | null;
  readonly missedOn: string | null;
  /** Lines whose customer has yet to agree to their new date. */
  readonly awaiting: readonly number[];
}

/** Writes how orders stand; those that are given as `over` have nothing to be told or asked any more. */
export async function saveStandings(
  client: pg.PoolClient,
  brandId: number,
  standings: readonly StandingRow[],
  over: readonly number[],
): Promise<void> {
  if (over.length > 0)
    await client.query({
      name: 'standings-over',
      text: 'delete from order_duty where brand_id = $1 and order_id = any($2::bigint[])',
      values: [brandId, over],
    });
  if (standings.length === 0) return;
  await client.query({
    name: 'save-standings',
    text: `insert into order_duty (brand_id, order_id, state, regime, lines, units, notice_by, send_by, silence, silence_on,
             asked_at, missed_on, awaiting)
           select $1, n.order_id, n.state, n.regime, n.lines, n.units, n.notice_by, n.send_by, n.silence, n.silence_on, n.asked_at,
             n.missed_on, array_remove(string_to_array(n.awaiting, ',')::int[], null) from unnest($2::bigint[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::date[], $8::date[],
             $9::text[], $10::date[], $11::timestamptz[], $12::date[], $13::text[]) as n(order_id, state, regime, lines, units, notice_by, send_by, silence,
             silence_on, asked_at, missed_on, awaiting)
           on conflict (brand_id, order_id) do update set state = excluded.state, regime = excluded.regime,
             lines = excluded.lines, units = excluded.units, notice_by = excluded.notice_by, send_by = excluded.send_by,
             silence = excluded.silence, silence_on = excluded.silence_on, asked_at = excluded.asked_at,
             missed_on = excluded.missed_on,
             awaiting = excluded.awaiting`,
    values: [
      brandId,
      bigints(standings, (one) => one.order),
      texts(standings, (one) => one.state),
      texts(standings, (one) => one.regime),
      ints(standings, (one) => one.lines),
      bigints(standings, (one) => one.units),
      dates(standings, (one) => one.noticeBy),
      dates(standings, (one) => one.sendBy),
      texts(standings, (one) => one.silence),
      dates(standings, (one) => one.silenceOn),
      timestamps(standings, (one) => one.askedAt),
      dates(standings, (one) => one.missedOn),
      texts(standings, (one) => one.awaiting.join(',')),
    ],
  });
}

const NAMES = `c.code || ':' || o.ref as "order", o.customer_name as customer, o.customer_email as email,
  o.customer_phone as phone`;
const JOINS = `join customer_order o on o.brand_id = n.brand_id and o.order_id = n.order_id
  join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id`;

interface Named {
  order: string;
  order_id: number;
  customer: string;
  email: string | null;
  phone: string | null;
}

export interface ToHearRow extends Named {
  /** Null: nothing is written, and a person decides. */
  message_id: number | null;
  kind: string | null;
  state: string;
  day: string;
  legal_by: string | null;
  due_at: string | null;
  trouble: string | null;
  missed_on: string | null;
}

/**
 * Who must hear something until the end of today: messages that are due and not out, and orders that want a notice or an end
 * and have no message on its way. The earliest day first.
 */
export async function readToHear(
  client: pg.PoolClient,
  brandId: number,
  { today, endOfToday }: { readonly today: string; readonly endOfToday: string },
  limit: number,
  after: readonly [day: string, order: number, message: number] | null,
): Promise<ToHearRow[]> {
  const { rows } = await client.query(
    `select n.*, ${NAMES} from (
       select brand_id, order_id, message_id, kind, state, coalesce(legal_by, due_at::date) as day, legal_by, due_at, trouble,
         null::date as missed_on
       from message
       where brand_id = $1 and state in ('waiting', 'sending', 'failed', 'bounced') and due_at <= $3::timestamptz
       union all
       select d.brand_id, d.order_id, null, null, d.state, coalesce(d.send_by, d.missed_on, $2::date), d.notice_by, null, null,
         d.missed_on
       from order_duty d
       where d.brand_id = $1 and d.state in ('notice_due', 'cancel')
         and not exists (select from message m where m.brand_id = d.brand_id and m.order_id = d.order_id
           and m.state in ('waiting', 'sending', 'failed', 'bounced') and m.kind like '%delay_notice')
     ) n ${JOINS}
     where $4::date is null or (n.day, n.order_id, coalesce(n.message_id, 0)) > ($4::date, $5::bigint, $6::bigint)
     order by n.day, n.order_id, coalesce(n.message_id, 0) limit $7`,
    [brandId, today, endOfToday, ...(after ?? [null, null, null]), limit],
  );
  return rows;
}

export interface UnansweredRow extends Named {
  state: string;
  regime: string;
  lines: number;
  units: number;
  silence: 'consent' | 'cancelled' | 'nothing';
  silence_on: string | null;
  asked_at: string;
}

/** Who was asked and has not answered, by the day on which their silence comes to something. */
export async function readUnanswered(
  client: pg.PoolClient,
  brandId: number,
  limit: number,
  after: readonly [on: string, order: number] | null,
): Promise<UnansweredRow[]> {
  const { rows } = await client.query(
    `select n.*, ${NAMES} from order_duty n ${JOINS}
     where n.brand_id = $1 and n.asked_at is not null
       and ($2::date is null or (coalesce(n.silence_on, '9999-12-31'), n.order_id) > ($2::date, $3::bigint))
     order by coalesce(n.silence_on, '9999-12-31'), n.order_id limit $4`,
    [brandId, ...(after ?? [null, null]), limit],
  );
  return rows;
}
