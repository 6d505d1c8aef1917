import { describe, expect, test } from 'vitest';
import { dayNumber, dayText } from './day.ts';
import { type DelayFacts, dutyOf } from './delay-notice.ts';
import {
  type LineStory,
  type MessageKind,
  type MessageStory,
  type OrderStory,
  TOUCHPOINTS,
  type ToldPromise,
  touchpointsOf,
} from './touchpoint.ts';

const day = (text: string) => dayNumber(text.length === 5 ? `2026-${text}` : text);
const HOUR = 3_600_000;
const noon = (text: string) => day(text) * 24 * HOUR + 12 * HOUR;

const promise = (version: number, shipBy: string | null, madeOn = '03-02', quantity = 1): ToldPromise => ({
  version,
  madeOn: day(madeOn),
  parts: shipBy === null ? [] : [{ quantity, shipBy: day(shipBy), deliverBy: day(shipBy) + 3 }],
});

function line(over: Partial<LineStory> & { law?: Partial<DelayFacts> }): LineStory {
  const { law, ...given } = over;
  const told = given.told === undefined ? promise(1, '04-01') : given.told;
  const newest = given.promise === undefined ? told : given.promise;
  const last = newest?.parts.at(-1)?.shipBy ?? null;
  return {
    line: 1,
    open: 1,
    waited: true,
    ...given,
    told,
    promise: newest,
    duty:
      given.duty ??
      dutyOf({
        regime: 'brand',
        completedOn: day('03-02'),
        stated: null,
        firstPromised: told?.parts.at(-1)?.shipBy ?? null,
        cancelAfter: null,
        sellerCredit: false,
        timeEssential: false,
        refusedOn: null,
        open: given.open ?? 1,
        expected: last,
        backed: last !== null,
        notices: [],
        answers: [],
        today: day('03-10'),
        ...law,
      }),
  };
}

const sent = (kind: MessageKind, on: string, over: Partial<MessageStory> = {}): MessageStory => ({
  kind,
  cause: `${kind}:${on}`,
  pending: false,
  sentAt: noon(on),
  writtenOn: day(on),
  lines: [1],
  ...over,
});
const confirmed = sent('confirmation', '03-02', { cause: 'placed' });

function story(over: Partial<OrderStory> & { on?: string }): OrderStory {
  const { on = '03-10', ...rest } = over;
  return {
    placedOn: day('03-02'),
    recordedLate: false,
    channelSends: new Set(),
    lines: [line({})],
    shipments: [],
    cancellations: [],
    refunds: [],
    messages: [confirmed],
    today: day(on),
    lawToday: day(on),
    now: noon(on),
    ...rest,
  };
}

/** Drafts in one line: kind, lines, and after how many hours they go out. */
function told(over: Parameters<typeof story>[0]): string {
  const one = story(over);
  const { messages, superseded, lookOn, lawLookOn } = touchpointsOf(one);
  const look = Math.min(lookOn ?? Number.POSITIVE_INFINITY, lawLookOn ?? Number.POSITIVE_INFINITY);
  return [
    ...messages.map((draft) => {
      const hours = (draft.dueAt - one.now) / HOUR;
      return `${draft.kind} ${draft.lines.join('+')}${hours > 0 ? ` in ${hours} h` : ''}`;
    }),
    ...superseded.map((cause) => `instead of ${cause}`),
    ...(look === Number.POSITIVE_INFINITY ? [] : [`look ${dayText(look).slice(5)}`]),
  ].join('; ');
}

describe('what is told, and once', () => {
  test.each<[why: string, Parameters<typeof story>[0], string]>([
    [
      'an order that waits is confirmed; the update is due on 25 March',
      { on: '03-02', messages: [] },
      'confirmation 1; look 03-25',
    ],
    [
      'an order from stock is the shop’s own to confirm',
      { on: '03-02', messages: [], lines: [line({ waited: false })] },
      'look 04-02',
    ],
    [
      'of a mixed order, what waits',
      { on: '03-02', messages: [], lines: [line({ waited: false }), line({ line: 2 })] },
      'confirmation 2; look 03-25',
    ],
    ['late news is not confirmed', { messages: [], recordedLate: true }, 'look 03-25'],
    ['confirmed already', { on: '03-02' }, 'look 03-25'],
    ['a slip at once', { lines: [line({ promise: promise(2, '04-08') })] }, 'delay_notice 1; look 03-25'],
    [
      'two lines that slip together are told together',
      { lines: [line({ promise: promise(2, '04-08') }), line({ line: 2, promise: promise(2, '04-10') })] },
      'delay_notice 1+2; look 03-25',
    ],
    [
      'one slips and one gets better: one message',
      { lines: [line({ promise: promise(2, '04-08') }), line({ line: 2, promise: promise(2, '03-20') })] },
      'delay_notice 1+2; look 03-25',
    ],
    [
      'written already, not sent yet',
      {
        lines: [line({ promise: promise(2, '04-08') })],
        messages: [
          confirmed,
          sent('delay_notice', '03-10', { cause: 'promise:1.2', pending: true, sentAt: null }),
        ],
      },
      'look 03-25',
    ],
    [
      'a second slip before the first is sent takes its place',
      {
        lines: [line({ promise: promise(3, '04-12') })],
        messages: [
          confirmed,
          sent('delay_notice', '03-10', { cause: 'promise:1.2', pending: true, sentAt: null }),
        ],
      },
      'delay_notice 1; instead of promise:1.2; look 03-25',
    ],
    [
      'a slip an hour after another message keeps quiet for the rest of four',
      {
        lines: [line({ promise: promise(2, '04-08') })],
        messages: [sent('confirmation', '03-10', { cause: 'placed', sentAt: noon('03-10') - HOUR })],
      },
      'delay_notice 1 in 3 h; look 03-25',
    ],
    [
      'unless the law wants it by tomorrow',
      {
        lines: [line({ promise: promise(2, '04-08'), law: { regime: 'us', stated: day('03-11') } })],
        messages: [sent('confirmation', '03-10', { cause: 'placed', sentAt: noon('03-10') - HOUR })],
      },
      'delay_notice 1; look 03-12',
    ],
    [
      'a second notice renews the first',
      {
        on: '03-14',
        lines: [line({ told: promise(2, '04-08', '03-10'), promise: promise(3, '04-15', '03-14') })],
        messages: [confirmed, sent('delay_notice', '03-10')],
      },
      'renewed_delay_notice 1; look 04-01',
    ],
    ['no date any more', { lines: [line({ promise: promise(2, null) })] }, 'delay_notice 1; look 03-25'],
    [
      'fewer units than were promised',
      {
        lines: [
          line({ open: 2, told: promise(1, '04-01', '03-02', 2), promise: promise(2, '04-01', '03-10', 1) }),
        ],
      },
      'delay_notice 1; look 03-25',
    ],
    [
      'fewer because they were cancelled is no news',
      {
        lines: [
          line({ open: 1, told: promise(1, '04-01', '03-02', 2), promise: promise(2, '04-01', '03-10', 1) }),
        ],
      },
      'look 03-25',
    ],
    ['better news', { lines: [line({ promise: promise(2, '03-20') })] }, 'improved 1; look 03-25'],
    [
      'the first date of a line that had none',
      { lines: [line({ told: null, promise: promise(1, '04-01') })] },
      'improved 1',
    ],
    [
      'all of a line has left: its promise is no news',
      { lines: [line({ open: 0, promise: promise(2, '04-08') })] },
      '',
    ],
    [
      'a promise that misses what was stated before ordering, from the start',
      {
        on: '03-02',
        messages: [],
        lines: [line({ law: { regime: 'us', stated: day('03-25'), today: day('03-02') } })],
      },
      'confirmation 1; delay_notice 1; look 03-25',
    ],
    ['sent', { lines: [line({ open: 0 })], shipments: [{ event: 7, lines: [1] }] }, 'shipped 1'],
    [
      'sent in two parcels, two facts',
      {
        lines: [line({ open: 0 })],
        shipments: [
          { event: 7, lines: [1] },
          { event: 8, lines: [1] },
        ],
        messages: [confirmed, sent('shipped', '03-09', { cause: 'event:7' })],
      },
      'shipped 1',
    ],
    [
      'what never waited is the shop’s own to tell',
      { lines: [line({ waited: false, open: 0 })], shipments: [{ event: 7, lines: [1] }] },
      '',
    ],
    [
      'cancelled',
      { lines: [line({ open: 0 })], cancellations: [{ event: 9, by: 'law', lines: [1] }] },
      'cancelled 1',
    ],
    [
      'cancelled by the channel, which tells it',
      { lines: [line({ open: 0 })], cancellations: [{ event: 9, by: 'channel', lines: [1] }] },
      '',
    ],
    ['refunded', { lines: [line({ open: 0 })], refunds: [{ payment: 'R1' }] }, 'refunded 1'],
    [
      'the channel confirms and tells of parcels, Kept tells of slips (RULES 30)',
      {
        messages: [],
        channelSends: new Set<MessageKind>(['confirmation', 'shipped']),
        lines: [line({ promise: promise(2, '04-08') })],
        shipments: [{ event: 7, lines: [1] }],
      },
      'delay_notice 1; look 03-25',
    ],
    [
      'the channel sends all',
      { messages: [], channelSends: null, lines: [line({ promise: promise(2, '04-08') })] },
      'look 03-25',
    ],
    ['an update on its day', { on: '03-25' }, 'update 1; look 03-26'],
    ['a day late, where Kept was down', { on: '03-27' }, 'update 1; look 03-28'],
    ['updated', { on: '03-26', messages: [confirmed, sent('update', '03-25')] }, 'look 04-02'],
    [
      'a slip on the day of the update takes its place',
      { on: '03-25', lines: [line({ promise: promise(2, '04-08') })] },
      'delay_notice 1; look 03-26',
    ],
    [
      'two lines whose updates fall on one day',
      { on: '03-25', lines: [line({}), line({ line: 2 })] },
      'update 1+2; look 03-26',
    ],
  ])('%s', (_, over, expected) => {
    expect(told(over)).toBe(expected);
  });
});

describe('when the mid-wait update is due (RULES 29)', () => {
  test.each<
    [why: string, placed: string, promised: string, heard: [MessageKind, string][], due: string | null]
  >([
    ['30 days: a week before', '03-02', '04-01', [], '03-25'],
    ['14 days: a week before', '03-02', '03-16', [], '03-09'],
    ['13 days: half-way, on the sixth', '03-02', '03-15', [], '03-08'],
    ['4 days: half-way', '03-02', '03-06', [], '03-04'],
    ['3 days: none', '03-02', '03-05', [], null],
    ['60 days: after four weeks', '03-02', '05-01', [], '03-30'],
    [
      'then a week before, since four more weeks would be past that',
      '03-02',
      '05-01',
      [['update', '03-30']],
      '04-24',
    ],
    ['90 days: after four weeks again', '03-02', '05-31', [['update', '03-30']], '04-27'],
    ['over 29 February 2028', '2028-02-02', '2028-03-10', [], '2028-03-03'],
  ])('%s', (_, placed, promised, heard, due) => {
    const told = promise(1, promised, placed);
    const messages = [
      sent('confirmation', placed, { cause: 'placed' }),
      ...heard.map(([kind, on]) => sent(kind, on)),
    ];
    const today = Math.max(day(placed), ...heard.map(([, on]) => day(on)));
    const one = story({ lines: [line({ told })], messages, placedOn: day(placed) });
    const looked = (at: number) =>
      touchpointsOf({ ...one, today: at, now: at * 24 * HOUR }).messages.some(
        ({ kind }) => kind === 'update',
      );
    let at = today;
    while (!looked(at) && at < today + 200) at++;
    expect(looked(at) ? dayText(at) : null).toBe(due === null ? null : dayText(day(due)));
  });

  test('a slip told within three days of the update was the update', () => {
    const slipped = line({ told: promise(1, '04-01') });
    const messages = [confirmed, sent('delay_notice', '03-23')];
    expect(touchpointsOf(story({ on: '03-25', lines: [slipped], messages })).messages).toEqual([]);
  });

  test('after a slip the clock is that of the new promise', () => {
    const slipped = line({ told: promise(2, '05-20', '03-23'), law: { firstPromised: day('05-20') } });
    const messages = [confirmed, sent('delay_notice', '03-23')];
    // 58 days from 23 March: after four weeks, on 20 April
    expect(dayText(touchpointsOf(story({ on: '03-25', lines: [slipped], messages })).lookOn!)).toBe(
      '2026-04-20',
    );
  });

  test('without long-wait updates there is only the last', () => {
    const policy = { ...TOUCHPOINTS, everyWeeks: null };
    const { lookOn } = touchpointsOf(story({ lines: [line({ told: promise(1, '06-01') })] }), policy);
    expect(dayText(lookOn!)).toBe('2026-05-25');
  });
});
