/**
 * When the customer was told of a version of a promise. Messages keep, as JSON, which version of which line they tell; an order
 * that asked Kept was answered with its first version, so that whoever ordered was shown it.
 */
export interface ToldColumns {
  /** Null: nothing tells of this version. */
  told_by: 'order' | 'message' | 'hand' | 'channel' | null;
  /** ISO 8601. Null: the message has not gone out, or it is the channel's own to send. */
  told_at: string | null;
  told_message: string | null;
  told_kind: string | null;
  told_written_at: string | null;
}

/** Columns of ToldColumns, beside `TOLD_OF_VERSION`. */
export const TOLD_COLUMNS = `told.by as told_by, told.at as told_at, told.message as told_message, told.kind as told_kind,
       told.written_at as told_written_at`;

/**
 * What first told of a version `p` of an order `o`. A message that was skipped, overtaken, or only written in shadow mode
 * tells nobody.
 */
export const TOLD_OF_VERSION = `left join lateral (
         select 'order' as by, p.made_at as at, null::text as message, null::text as kind, p.made_at as written_at
         where p.version = 1 and o.mode = 0 and exists (
           select from event e where e.brand_id = p.brand_id and e.event_id = p.event_id and e.kind = 'order.placed')
         union all
         (select case when m.state = 'channel' then 'channel' when m.sent_by like 'by hand%' then 'hand' else 'message' end,
            m.sent_at, m.message_id::text, m.kind, m.written_at
          from message m, jsonb_to_recordset(m.lines::jsonb) as tells(line int, version int)
          where m.brand_id = p.brand_id and m.order_id = p.order_id and tells.line = p.line and tells.version = p.version
            and m.state in ('waiting', 'sending', 'sent', 'failed', 'channel')
          order by m.sent_at nulls last, m.written_at limit 1)
         order by at nulls last limit 1) told on true`;

/** Versions that customers were told of: (order_id, line, version), each once. `$1` is the brand. */
export const TOLD_VERSIONS = `select p.order_id, p.line, p.version
       from promise p
       join customer_order o on o.brand_id = p.brand_id and o.order_id = p.order_id
       join event e on e.brand_id = p.brand_id and e.event_id = p.event_id
       where p.brand_id = $1 and p.version = 1 and o.mode = 0 and e.kind = 'order.placed'
       union
       select m.order_id, tells.line, tells.version
       from message m, jsonb_to_recordset(m.lines::jsonb) as tells(line int, version int)
       where m.brand_id = $1 and m.sent_at is not null`;
