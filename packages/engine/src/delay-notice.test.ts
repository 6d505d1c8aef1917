import { describe, expect, test } from 'vitest';
import { type DayNumber, dayNumber, dayText, MONDAY_TO_FRIDAY } from './day.ts';
import {
  type CustomerAnswer,
  type DelayFacts,
  type Duty,
  dutyOf,
  type NoticeSent,
  strictest,
  workingDayBefore,
} from './delay-notice.ts';
import { type Regime, regimesOf } from './jurisdiction.ts';
import { LAW } from './law.ts';

/**
 * The decision tables, case by case. Each date was counted on a calendar by hand; the first column says how. In the second,
 * days are MM-DD of 2026 unless a year is given. A notice is `sent→new day` (`?`: no day could be given; `!`: without
 * backing), an answer `w day until day`, `w day ∞`, `c day` or `p day until day`.
 */
interface Story {
  done?: string | null;
  stated?: string;
  first?: string;
  window?: string;
  now: string;
  eta?: string;
  unbacked?: boolean;
  told?: string;
  said?: string;
  open?: number;
  credit?: boolean;
  essential?: boolean;
  refused?: string;
}
type Case = [why: string, story: Story, expected: string];

const day = (text: string): DayNumber => dayNumber(text.length === 5 ? `2026-${text}` : text);
const short = (number: DayNumber | null) => (number === null ? '–' : dayText(number).replace(/^2026-/, ''));

function facts(regime: Regime, story: Story): DelayFacts {
  const notices = (story.told ?? '')
    .split(', ')
    .filter(Boolean)
    .map((one): NoticeSent => {
      const [sent, revised] = one.replace('!', '').split('→') as [string, string];
      return {
        sentOn: day(sent),
        revised: revised === '?' ? null : day(revised),
        backed: !one.endsWith('!'),
      };
    });
  const answers = (story.said ?? '')
    .split(', ')
    .filter(Boolean)
    .map((one): CustomerAnswer => {
      const [kind, on, , until] = one.split(' ') as [string, string, string?, string?];
      if (kind === 'c') return { kind: 'cancel', on: day(on) };
      if (kind === 'p') return { kind: 'additional_period', on: day(on), until: day(until!) };
      return { kind: 'wait', on: day(on), until: until === undefined ? null : day(until) };
    });
  return {
    regime,
    completedOn: story.done === null ? null : day(story.done ?? '03-02'),
    stated: story.stated === undefined ? null : day(story.stated),
    firstPromised: story.first === undefined ? null : day(story.first),
    cancelAfter: story.window === undefined ? null : day(story.window),
    sellerCredit: story.credit ?? false,
    timeEssential: story.essential ?? false,
    refusedOn: story.refused === undefined ? null : day(story.refused),
    open: story.open ?? 1,
    expected: story.eta === undefined ? null : day(story.eta),
    backed: !(story.unbacked ?? false),
    notices,
    answers,
    today: day(story.now),
  };
}

/** A duty in one line: state, T (and the day that took its place), notice, silence, cancellation, rights, misses. */
function told(duty: Duty): string {
  const { notice, silence, missed } = duty;
  return [
    duty.state,
    ...(duty.original === null ? [] : [`T ${short(duty.original)}`]),
    ...(duty.deadline === duty.original ? [] : [`now ${short(duty.deadline)}`]),
    ...(notice === null
      ? []
      : [
          `${notice.kind === 'delay_notice' ? 'first' : 'renewed'}${notice.indefinite ? ' undated' : ''} by ${short(notice.by)} send ${short(notice.sendBy)}`,
        ]),
    ...(silence === null
      ? []
      : [`silence ${silence.means}${silence.on === null ? '' : ` ${short(silence.on)}`}`]),
    ...(duty.cancelledOn === null ? [] : [`cancel ${short(duty.cancelledOn)}`]),
    ...duty.customerMay.map((right) => `may ${right}`),
    ...missed.map(({ row, on }) => `missed ${row} ${short(on)}`),
  ].join('; ');
}

// 1 April 2026 is a Wednesday; T+30 is 1 May, since April has 30 days.
const T = '04-01';

describe('United States: 16 CFR 435', () => {
  test.each<Case>([
    // T itself
    ['a stated day is T', { stated: T, now: '03-10', eta: '03-25' }, 'in_time; T 04-01'],
    ['T is met on T', { stated: T, now: '04-01', eta: '04-01' }, 'in_time; T 04-01'],
    [
      'nothing stated: 2 March + 30 = 1 April (March has 31)',
      { now: '03-10', eta: '03-25' },
      'in_time; T 04-01',
    ],
    [
      '30 days from 30 January 2026: 1 March (February has 28)',
      { done: '01-30', now: '02-01', eta: '02-10' },
      'in_time; T 03-01',
    ],
    [
      '30 days from 30 January 2028: 29 February (a leap year)',
      { done: '2028-01-30', now: '2028-02-01', eta: '2028-02-10' },
      'in_time; T 2028-02-29',
    ],
    [
      '30 days from 31 January 2028: 1 March',
      { done: '2028-01-31', now: '2028-02-01', eta: '2028-02-10' },
      'in_time; T 2028-03-01',
    ],
    [
      '30 days from 30 January 2100: 1 March (no leap year)',
      { done: '2100-01-30', now: '2100-02-01', eta: '2100-02-10' },
      'in_time; T 2100-03-01',
    ],
    [
      'credit from the seller: 2 March + 50 = 21 April (29 left of March, 21 more)',
      { credit: true, now: '03-10', eta: '03-25' },
      'in_time; T 04-21',
    ],
    [
      'credit changes nothing where a day was stated',
      { credit: true, stated: T, now: '03-10', eta: '03-25' },
      'in_time; T 04-01',
    ],
    [
      '30 days from 2 December 2026: 1 January 2027',
      { done: '12-02', now: '12-05', eta: '12-20' },
      'in_time; T 2027-01-01',
    ],
    [
      'T on a Sunday stays (5 April 2026)',
      { stated: '04-05', now: '03-10', eta: '04-05' },
      'in_time; T 04-05',
    ],
    [
      'T on a holiday stays (25 December)',
      { stated: '12-25', now: '12-01', eta: '12-25' },
      'in_time; T 12-25',
    ],
    ['no payment, no clock', { done: null, stated: T, now: '05-10' }, 'no_clock'],
    [
      'paid on 10 March: 30 days from then, 9 April',
      { done: '03-10', now: '03-12', eta: '04-05' },
      'in_time; T 04-09',
    ],
    ['all with the carrier', { stated: T, now: '05-10', open: 0 }, 'fulfilled; T 04-01'],

    // The first notice
    [
      'a slip of 19 days, by T; the working day before a Wednesday is Tuesday',
      { stated: T, now: '03-10', eta: '04-20' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence consent',
    ],
    [
      'a slip of a day',
      { stated: T, now: '03-10', eta: '04-02' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence consent',
    ],
    [
      'the new day is exactly T+30 = 1 May',
      { stated: T, now: '03-10', eta: '05-01' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence consent',
    ],
    [
      'a day beyond: silence cancels at T+30',
      { stated: T, now: '03-10', eta: '05-02' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence cancelled 05-01',
    ],
    [
      'no day can be given',
      { stated: T, now: '03-10' },
      'notice_due; T 04-01; first undated by 04-01 send 03-31; silence cancelled 05-01',
    ],
    [
      'a new day without backing is none',
      { stated: T, now: '03-10', eta: '04-20', unbacked: true },
      'notice_due; T 04-01; first undated by 04-01 send 03-31; silence cancelled 05-01',
    ],
    [
      'T without backing is a slip as well',
      { stated: T, now: '03-10', eta: '03-30', unbacked: true },
      'notice_due; T 04-01; first undated by 04-01 send 03-31; silence cancelled 05-01',
    ],
    [
      'T on a Monday: sent by the Friday before',
      { stated: '04-06', now: '03-10', eta: '04-20' },
      'notice_due; T 04-06; first by 04-06 send 04-03; silence consent',
    ],
    [
      'T on a Sunday: sent by the Friday before, and 5 April + 30 = 5 May',
      { stated: '04-05', now: '03-10', eta: '06-01' },
      'notice_due; T 04-05; first by 04-05 send 04-03; silence cancelled 05-05',
    ],
    [
      'known on T itself: today',
      { stated: T, now: '04-01', eta: '04-20' },
      'notice_due; T 04-01; first by 04-01 send 04-01; silence consent',
    ],
    [
      'T+30 over February of a leap year: 15 February 2028 + 30 = 16 March',
      { done: '2028-01-02', stated: '2028-02-15', now: '2028-02-01', eta: '2028-04-01' },
      'notice_due; T 2028-02-15; first by 2028-02-15 send 2028-02-14; silence cancelled 2028-03-16',
    ],
    [
      'and of another: 15 February 2027 + 30 = 17 March',
      { done: '2027-01-02', stated: '2027-02-15', now: '2027-02-01', eta: '2027-04-01' },
      'notice_due; T 2027-02-15; first by 2027-02-15 send 2027-02-12; silence cancelled 2027-03-17',
    ],
    [
      'T+30 over the year: 20 December + 30 = 19 January',
      { done: '12-01', stated: '12-20', now: '12-10', eta: '2027-03-01' },
      'notice_due; T 12-20; first by 12-20 send 12-18; silence cancelled 2027-01-19',
    ],

    // The trap: counted from the notice
    [
      'told on 10 March, 28 days from then is inside 30 of the notice, and inside T+30',
      { stated: T, now: '03-10', eta: '04-07', told: '03-10→04-07' },
      'in_time; T 04-01; now 04-07',
    ],
    [
      'told on 1 April: 15 May is 44 days from T',
      { stated: T, now: '04-01', eta: '05-15', told: '04-01→05-15' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'told on 3 March, 29 days from the notice to T: a day 55 days from the notice is T+26',
      { stated: T, now: '03-04', eta: '04-27', told: '03-03→04-27' },
      'in_time; T 04-01; now 04-27',
    ],
    [
      'told early on 5 March: a day 20 days after that is before T, no slip',
      { stated: T, now: '03-06', eta: '03-25', told: '03-05→03-25' },
      'in_time; T 04-01',
    ],
    [
      'a notice of 20 March does not move T+30 to 19 April',
      { stated: T, now: '04-20', eta: '06-01', told: '03-20→06-01' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'nor do later notices: T+30 stays 1 May',
      { stated: T, now: '04-25', eta: '06-10', told: '03-20→06-01, 04-20→06-10' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'a confirmation that says a later day moves no T',
      { now: '03-31', eta: '04-20', done: '03-02' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence consent',
    ],

    // Silence after the first notice
    [
      'silence agreed to 20 April',
      { stated: T, now: '04-10', eta: '04-20', told: '03-20→04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'also on the day itself',
      { stated: T, now: '04-20', eta: '04-20', told: '03-20→04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'told on T still counts',
      { stated: T, now: '04-10', eta: '04-20', told: '04-01→04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'told a day late cures nothing',
      { stated: T, now: '04-10', eta: '04-20', told: '04-02→04-20' },
      'cancel; T 04-01; cancel 04-01; missed us_no_notice 04-01',
    ],
    [
      'never told',
      { stated: T, now: '04-02', eta: '04-03' },
      'cancel; T 04-01; cancel 04-01; missed us_no_notice 04-01',
    ],
    [
      'never told, and it could leave today',
      { stated: T, now: '04-02', eta: '04-02' },
      'cancel; T 04-01; cancel 04-01; missed us_no_notice 04-01',
    ],
    [
      'a long slip in silence ends after T+30, not on it',
      { stated: T, now: '05-01', eta: '05-15', told: '03-20→05-15' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'on 2 May it is over',
      { stated: T, now: '05-02', eta: '05-15', told: '03-20→05-15' },
      'cancel; T 04-01; silence cancelled 05-01; cancel 05-01',
    ],
    [
      'no day, in silence',
      { stated: T, now: '05-02', told: '03-20→?' },
      'cancel; T 04-01; silence cancelled 05-01; cancel 05-01',
    ],
    [
      'no day, told, and now it comes on 25 April: it may still ship',
      { stated: T, now: '04-10', eta: '04-25', told: '03-20→?' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'a day told without backing counts as none: silence does not agree',
      { stated: T, now: '04-10', eta: '04-20', told: '03-20→04-20!' },
      'awaiting_consent; T 04-01; silence cancelled 05-01',
    ],
    [
      'T+30 on a Sunday is not rolled: 3 April + 30 = 3 May',
      { stated: '04-03', now: '05-04', eta: '05-20', told: '04-01→05-20' },
      'cancel; T 04-03; silence cancelled 05-03; cancel 05-03',
    ],

    // Express answers
    [
      'a yes to 15 May',
      { stated: T, now: '05-05', eta: '05-15', told: '03-20→05-15', said: 'w 03-25 until 05-15' },
      'in_time; T 04-01; now 05-15',
    ],
    [
      'a yes on the last day, T+30',
      { stated: T, now: '05-05', eta: '05-15', told: '03-20→05-15', said: 'w 05-01 until 05-15' },
      'in_time; T 04-01; now 05-15',
    ],
    [
      'a yes after it is none',
      { stated: T, now: '05-05', eta: '05-15', told: '03-20→05-15', said: 'w 05-02 until 05-15' },
      'cancel; T 04-01; silence cancelled 05-01; cancel 05-01',
    ],
    [
      'a yes to as long as it takes',
      { stated: T, now: '09-01', told: '03-20→?', said: 'w 03-25' },
      'waits; T 04-01; now –',
    ],
    [
      'no further notices then',
      { stated: T, now: '06-01', eta: '07-01', told: '03-20→?', said: 'w 03-25' },
      'waits; T 04-01; now –',
    ],
    [
      'and the buyer may still cancel',
      { stated: T, now: '06-01', told: '03-20→?', said: 'w 03-25, c 05-30' },
      'cancel; T 04-01; now –; cancel 05-30',
    ],
    [
      'a no before T',
      { stated: T, now: '03-22', eta: '04-20', told: '03-20→04-20', said: 'c 03-21' },
      'cancel; T 04-01; now 04-20; cancel 03-21',
    ],
    [
      'a no without any notice',
      { stated: T, now: '03-22', eta: '03-25', said: 'c 03-21' },
      'cancel; T 04-01; cancel 03-21',
    ],
    [
      'a no after silence had agreed',
      { stated: T, now: '04-10', eta: '04-20', told: '03-20→04-20', said: 'c 04-10' },
      'cancel; T 04-01; now 04-20; cancel 04-10',
    ],
    [
      'a no after the right arose: it arose on T',
      { stated: T, now: '04-10', eta: '04-20', said: 'c 04-05' },
      'cancel; T 04-01; cancel 04-01; missed us_no_notice 04-01',
    ],
    [
      'the seller will not ship',
      { stated: T, now: '03-22', refused: '03-21' },
      'cancel; T 04-01; cancel 03-21',
    ],
    [
      'the buyer was first',
      { stated: T, now: '03-25', refused: '03-24', said: 'c 03-23' },
      'cancel; T 04-01; cancel 03-23',
    ],

    // The second slip
    [
      'agreed by silence to 20 April, now 28: renewed, by 20 April, a Monday, sent by Friday',
      { stated: T, now: '04-10', eta: '04-28', told: '03-20→04-20' },
      'notice_due; T 04-01; now 04-20; renewed by 04-20 send 04-17; silence cancelled 04-20',
    ],
    [
      'though 28 April is inside T+30, silence to a second slip is no consent',
      { stated: T, now: '04-15', eta: '04-28', told: '03-20→04-20, 04-14→04-28' },
      'awaiting_consent; T 04-01; now 04-20; silence cancelled 04-20',
    ],
    [
      'and ends it after R',
      { stated: T, now: '04-21', eta: '04-28', told: '03-20→04-20, 04-14→04-28' },
      'cancel; T 04-01; now 04-20; silence cancelled 04-20; cancel 04-20',
    ],
    [
      'a yes to the second day',
      {
        stated: T,
        now: '04-22',
        eta: '04-28',
        told: '03-20→04-20, 04-14→04-28',
        said: 'w 04-16 until 04-28',
      },
      'in_time; T 04-01; now 04-28',
    ],
    [
      'a yes on R',
      {
        stated: T,
        now: '04-22',
        eta: '04-28',
        told: '03-20→04-20, 04-14→04-28',
        said: 'w 04-20 until 04-28',
      },
      'in_time; T 04-01; now 04-28',
    ],
    [
      'a yes after R',
      {
        stated: T,
        now: '04-22',
        eta: '04-28',
        told: '03-20→04-20, 04-14→04-28',
        said: 'w 04-21 until 04-28',
      },
      'cancel; T 04-01; now 04-20; silence cancelled 04-20; cancel 04-20',
    ],
    [
      'the renewed notice on R, before its day ends',
      { stated: T, now: '04-20', eta: '04-28', told: '03-20→04-20, 04-20→04-28' },
      'awaiting_consent; T 04-01; now 04-20; silence cancelled 04-20',
    ],
    [
      'a day after R it cures nothing',
      { stated: T, now: '04-22', eta: '04-28', told: '03-20→04-20, 04-21→04-28' },
      'cancel; T 04-01; now 04-20; cancel 04-20; missed us_no_renewed_notice 04-20',
    ],
    [
      'R passes without a word',
      { stated: T, now: '04-21', eta: '04-28', told: '03-20→04-20' },
      'cancel; T 04-01; now 04-20; cancel 04-20; missed us_no_renewed_notice 04-20',
    ],
    [
      'the second slip has no day',
      { stated: T, now: '04-10', told: '03-20→04-20' },
      'notice_due; T 04-01; now 04-20; renewed undated by 04-20 send 04-17; silence cancelled 04-20',
    ],
    [
      'the second day has no backing',
      { stated: T, now: '04-10', eta: '04-28', unbacked: true, told: '03-20→04-20' },
      'notice_due; T 04-01; now 04-20; renewed undated by 04-20 send 04-17; silence cancelled 04-20',
    ],
    [
      'both slips known before T: the second is a renewed one all the same',
      { stated: T, now: '03-26', eta: '04-28', told: '03-20→04-20' },
      'notice_due; T 04-01; now 04-20; renewed by 04-20 send 04-17; silence cancelled 04-20',
    ],
    [
      'a waits-forever answer to the renewed notice',
      { stated: T, now: '06-01', told: '03-20→04-20, 04-14→?', said: 'w 04-16' },
      'waits; T 04-01; now –',
    ],
    [
      'a no to the renewed notice',
      { stated: T, now: '04-18', eta: '04-28', told: '03-20→04-20, 04-14→04-28', said: 'c 04-17' },
      'cancel; T 04-01; now 04-20; cancel 04-17',
    ],
    [
      'the day offered in a long first notice slips before an answer: another, by T+30 (a Friday; sent Thursday)',
      { stated: T, now: '04-10', eta: '06-01', told: '03-20→05-15' },
      'notice_due; T 04-01; renewed by 05-01 send 04-30; silence cancelled 05-01',
    ],
    [
      'and a yes to that one',
      {
        stated: T,
        now: '05-05',
        eta: '06-01',
        told: '03-20→05-15, 04-12→06-01',
        said: 'w 04-15 until 06-01',
      },
      'in_time; T 04-01; now 06-01',
    ],

    // Third slips
    [
      'accepted 28 April, now 12 May: by 28 April, a Tuesday, sent on Monday',
      {
        stated: T,
        now: '04-22',
        eta: '05-12',
        told: '03-20→04-20, 04-14→04-28',
        said: 'w 04-16 until 04-28',
      },
      'notice_due; T 04-01; now 04-28; renewed by 04-28 send 04-27; silence cancelled 04-28',
    ],
    [
      'told, in silence',
      {
        stated: T,
        now: '04-24',
        eta: '05-12',
        told: '03-20→04-20, 04-14→04-28, 04-23→05-12',
        said: 'w 04-16 until 04-28',
      },
      'awaiting_consent; T 04-01; now 04-28; silence cancelled 04-28',
    ],
    [
      'cancelled after 28 April',
      {
        stated: T,
        now: '04-29',
        eta: '05-12',
        told: '03-20→04-20, 04-14→04-28, 04-23→05-12',
        said: 'w 04-16 until 04-28',
      },
      'cancel; T 04-01; now 04-28; silence cancelled 04-28; cancel 04-28',
    ],
    [
      'accepted twice',
      {
        stated: T,
        now: '05-05',
        eta: '05-12',
        told: '03-20→04-20, 04-14→04-28, 04-23→05-12',
        said: 'w 04-16 until 04-28, w 04-24 until 05-12',
      },
      'in_time; T 04-01; now 05-12',
    ],
    [
      'accepted twice, and missed without a word',
      {
        stated: T,
        now: '05-13',
        eta: '05-20',
        told: '03-20→04-20, 04-14→04-28, 04-23→05-12',
        said: 'w 04-16 until 04-28, w 04-24 until 05-12',
      },
      'cancel; T 04-01; now 05-12; cancel 05-12; missed us_no_renewed_notice 05-12',
    ],
    [
      'accepted 15 May in the first notice, slips to 25 May: by 15 May, a Friday',
      { stated: T, now: '05-05', eta: '05-25', told: '03-20→05-15', said: 'w 03-25 until 05-15' },
      'notice_due; T 04-01; now 05-15; renewed by 05-15 send 05-14; silence cancelled 05-15',
    ],

    // Parts, and better news
    [
      'two of five left: the open three have the same clock',
      { stated: T, now: '03-10', eta: '04-20', open: 3 },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence consent',
    ],
    [
      'the open rest in silence',
      { stated: T, now: '05-02', eta: '05-15', told: '03-20→05-15', open: 3 },
      'cancel; T 04-01; silence cancelled 05-01; cancel 05-01',
    ],
    [
      'better than told: nothing is due',
      { stated: T, now: '04-05', eta: '04-10', told: '03-20→04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'back before T: nothing is due',
      { stated: T, now: '03-25', eta: '03-30', told: '03-20→04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'a yes to a day before T changes nothing',
      { stated: T, now: '03-25', eta: '03-30', said: 'w 03-24 until 03-30' },
      'in_time; T 04-01',
    ],
  ])('%s', (_, story, expected) => {
    expect(told(dutyOf(facts('us', story)))).toBe(expected);
  });
});

describe('European Union and United Kingdom: delivery counts, and silence is never consent', () => {
  const both: Case[] = [
    ['the agreed day', { stated: T, now: '03-10', eta: '03-30' }, 'in_time; T 04-01'],
    [
      'none agreed: 30 days from the contract, 2 March + 30 = 1 April',
      { now: '03-10', eta: '03-30' },
      'in_time; T 04-01',
    ],
    [
      'from 30 January 2028: 29 February',
      { done: '2028-01-30', now: '2028-02-01', eta: '2028-02-20' },
      'in_time; T 2028-02-29',
    ],
    [
      'from 30 January 2027: 1 March',
      { done: '2027-01-30', now: '2027-02-01', eta: '2027-02-20' },
      'in_time; T 2027-03-01',
    ],
    ['a Sunday is not rolled', { stated: '04-05', now: '03-10', eta: '04-05' }, 'in_time; T 04-05'],
    ['not complete', { done: null, stated: T, now: '03-10' }, 'no_clock'],
    ['delivered', { stated: T, now: '05-01', open: 0 }, 'fulfilled; T 04-01'],
    [
      'a slip of a day is told',
      { stated: T, now: '03-10', eta: '04-02' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence nothing',
    ],
    [
      'a slip of 60 days too: silence never cancels',
      { stated: T, now: '03-10', eta: '05-31' },
      'notice_due; T 04-01; first by 04-01 send 03-31; silence nothing',
    ],
    [
      'no day',
      { stated: T, now: '03-10' },
      'notice_due; T 04-01; first undated by 04-01 send 03-31; silence nothing',
    ],
    [
      'told, and no answer: the old day binds',
      { stated: T, now: '03-20', eta: '04-20', told: '03-10→04-20' },
      'awaiting_consent; T 04-01; silence nothing',
    ],
    [
      'accepted',
      { stated: T, now: '04-05', eta: '04-20', told: '03-10→04-20', said: 'w 03-12 until 04-20' },
      'in_time; T 04-01; now 04-20',
    ],
    [
      'accepted without a day',
      { stated: T, now: '06-05', told: '03-10→?', said: 'w 03-12' },
      'waits; T 04-01; now –',
    ],
    [
      'accepted, then a second slip',
      { stated: T, now: '04-05', eta: '05-04', told: '03-10→04-20', said: 'w 03-12 until 04-20' },
      'notice_due; T 04-01; now 04-20; renewed by 04-20 send 04-17; silence nothing',
    ],
    [
      'the second slip told',
      {
        stated: T,
        now: '04-07',
        eta: '05-04',
        told: '03-10→04-20, 04-06→05-04',
        said: 'w 03-12 until 04-20',
      },
      'awaiting_consent; T 04-01; now 04-20; silence nothing',
    ],
    [
      'told 20 April, slips to 25: told again',
      { stated: T, now: '03-20', eta: '04-25', told: '03-10→04-20' },
      'notice_due; T 04-01; renewed by 04-01 send 03-31; silence nothing',
    ],
    [
      'the consumer cancels',
      { stated: T, now: '03-20', eta: '04-20', told: '03-10→04-20', said: 'c 03-15' },
      'cancel; T 04-01; cancel 03-15',
    ],
  ];
  test.each(both)('EU: %s', (_, story, expected) => {
    expect(told(dutyOf(facts('eu', story)))).toBe(expected);
  });
  test.each(both)('UK: %s', (_, story, expected) => {
    expect(told(dutyOf(facts('uk', story)))).toBe(expected);
  });

  test.each<[Regime, ...Case]>([
    [
      'eu',
      'missed by a day: an additional period may be set',
      { stated: T, now: '04-02', eta: '04-20', told: '03-10→04-20' },
      'overdue; T 04-01; silence nothing; may set_additional_period; missed eu_missed 04-01',
    ],
    [
      'uk',
      'missed: a further period, or rejecting the part',
      { stated: T, now: '04-02', eta: '04-20', told: '03-10→04-20' },
      'overdue; T 04-01; silence nothing; may set_additional_period; may reject_part; missed uk_missed 04-01',
    ],
    [
      'eu',
      'missed and never told: told at once',
      { stated: T, now: '04-02', eta: '04-20' },
      'notice_due; T 04-01; first by – send 04-02; silence nothing; may set_additional_period; missed eu_missed 04-01',
    ],
    [
      'eu',
      'the period runs until 15 April',
      { stated: T, now: '04-10', eta: '04-20', told: '03-10→04-20', said: 'p 04-03 until 04-15' },
      'overdue; T 04-01; silence nothing; missed eu_missed 04-01',
    ],
    [
      'eu',
      'on its last day it runs still',
      { stated: T, now: '04-15', eta: '04-20', told: '03-10→04-20', said: 'p 04-03 until 04-15' },
      'overdue; T 04-01; silence nothing; missed eu_missed 04-01',
    ],
    [
      'eu',
      'missed again: may terminate',
      { stated: T, now: '04-16', eta: '04-20', told: '03-10→04-20', said: 'p 04-03 until 04-15' },
      'overdue; T 04-01; silence nothing; may terminate; missed eu_missed 04-01',
    ],
    [
      'uk',
      'missed again',
      { stated: T, now: '04-16', eta: '04-20', told: '03-10→04-20', said: 'p 04-03 until 04-15' },
      'overdue; T 04-01; silence nothing; may terminate; may reject_part; missed uk_missed 04-01',
    ],
    [
      'eu',
      'a yes to a new day ends the period',
      {
        stated: T,
        now: '04-16',
        eta: '04-30',
        told: '03-10→04-20, 04-10→04-30',
        said: 'p 04-03 until 04-15, w 04-11 until 04-30',
      },
      'in_time; T 04-01; now 04-30',
    ],
    [
      'eu',
      'a wedding dress: time is essential',
      { stated: T, now: '04-02', eta: '04-20', told: '03-10→04-20', essential: true },
      'overdue; T 04-01; silence nothing; may terminate; missed eu_at_once 04-01',
    ],
    [
      'uk',
      'time is essential, and it is not late yet',
      { stated: T, now: '04-01', eta: '04-20', told: '03-10→04-20', essential: true },
      'awaiting_consent; T 04-01; silence nothing',
    ],
    [
      'uk',
      'time was essential',
      { stated: T, now: '04-02', eta: '04-20', told: '03-10→04-20', essential: true },
      'overdue; T 04-01; silence nothing; may terminate; may reject_part; missed uk_at_once 04-01',
    ],
    [
      'eu',
      'the seller refuses before the day',
      { stated: T, now: '03-20', refused: '03-19', told: '03-19→?' },
      'overdue; T 04-01; silence nothing; may terminate',
    ],
    [
      'eu',
      'refused, then the consumer ends it',
      { stated: T, now: '03-25', refused: '03-19', told: '03-19→?', said: 'c 03-24' },
      'cancel; T 04-01; cancel 03-24',
    ],
    [
      'uk',
      'rejects what is late of it: the open part',
      { stated: T, now: '04-03', eta: '04-20', told: '03-10→04-20', open: 2, said: 'c 04-03' },
      'cancel; T 04-01; cancel 04-03',
    ],
  ])('%s: %s', (regime, _, story, expected) => {
    expect(told(dutyOf(facts(regime, story)))).toBe(expected);
  });
});

describe('wholesale, and the brand’s own rule', () => {
  test.each<[Regime, ...Case]>([
    ['contract', 'inside the window', { window: '04-30', now: '03-10', eta: '04-20' }, 'in_time; T 04-30'],
    [
      'contract',
      'a slip past the window is told at once',
      { window: '04-30', now: '03-10', eta: '05-04' },
      'notice_due; T 04-30; first by – send 03-10; silence cancelled 04-30',
    ],
    [
      'contract',
      'told',
      { window: '04-30', now: '03-12', eta: '05-04', told: '03-10→05-04' },
      'awaiting_consent; T 04-30; silence cancelled 04-30',
    ],
    [
      'contract',
      'the window is over',
      { window: '04-30', now: '05-01', eta: '05-04', told: '03-10→05-04' },
      'cancel; T 04-30; cancel 04-30',
    ],
    [
      'contract',
      'no window: a stated day, and it stands',
      { stated: T, now: '03-10', eta: '04-20' },
      'notice_due; T 04-01; first by – send 03-10; silence nothing',
    ],
    ['contract', 'nothing agreed', { now: '03-10', eta: '04-20' }, 'no_clock'],
    [
      'contract',
      'the buyer cancels',
      { window: '04-30', now: '03-12', eta: '04-20', said: 'c 03-11' },
      'cancel; T 04-30; cancel 03-11',
    ],
    ['contract', 'all left', { window: '04-30', now: '05-12', open: 0 }, 'fulfilled; T 04-30'],
    [
      'brand',
      'the first promise holds the brand',
      { first: T, now: '03-10', eta: '03-30' },
      'in_time; T 04-01',
    ],
    [
      'brand',
      'a slip of any length at once',
      { first: T, now: '03-10', eta: '04-02' },
      'notice_due; T 04-01; first by – send 03-10; silence consent',
    ],
    [
      'brand',
      'on a Saturday too',
      { first: T, now: '03-14', eta: '04-02' },
      'notice_due; T 04-01; first by – send 03-14; silence consent',
    ],
    [
      'brand',
      'told: silence agrees',
      { first: T, now: '03-20', eta: '04-20', told: '03-10→04-20' },
      'in_time; T 04-01; now 04-20; silence consent',
    ],
    [
      'brand',
      'a second slip inside 30 days of the first date: silence agrees again',
      { first: T, now: '04-10', eta: '04-28', told: '03-10→04-20, 04-09→04-28' },
      'in_time; T 04-01; now 04-28; silence consent',
    ],
    [
      'brand',
      '1 May is the thirtieth day',
      { first: T, now: '03-10', eta: '05-01' },
      'notice_due; T 04-01; first by – send 03-10; silence consent',
    ],
    [
      'brand',
      '2 May needs a yes',
      { first: T, now: '03-10', eta: '05-02' },
      'notice_due; T 04-01; first by – send 03-10; silence cancelled 05-01',
    ],
    [
      'brand',
      'small slips that sum beyond 30 days need a yes',
      { first: T, now: '04-20', eta: '05-06', told: '03-10→04-20' },
      'notice_due; T 04-01; renewed by – send 04-20; silence cancelled 05-01',
    ],
    [
      'brand',
      'no yes by then',
      { first: T, now: '05-02', eta: '05-06', told: '03-10→05-06' },
      'cancel; T 04-01; silence cancelled 05-01; cancel 05-01',
    ],
    [
      'brand',
      'told late, on 29 April: a week to answer, until 6 May',
      { first: T, now: '05-02', eta: '05-20', told: '04-29→05-20' },
      'awaiting_consent; T 04-01; silence cancelled 05-06',
    ],
    [
      'brand',
      'a yes',
      { first: T, now: '05-02', eta: '05-20', told: '03-10→05-20', said: 'w 03-12 until 05-20' },
      'in_time; T 04-01; now 05-20',
    ],
    [
      'brand',
      'a yes to any day',
      { first: T, now: '07-02', told: '03-10→?', said: 'w 03-12' },
      'waits; T 04-01; now –',
    ],
    [
      'brand',
      'what was stated goes before what was promised',
      { stated: '03-28', first: T, now: '03-10', eta: '03-30' },
      'notice_due; T 03-28; first by – send 03-10; silence consent',
    ],
    [
      'brand',
      'past its day with the goods about to leave',
      { first: T, now: '04-02', eta: '04-01' },
      'overdue; T 04-01',
    ],
    [
      'brand',
      'cancelled by the customer',
      { first: T, now: '03-12', eta: '04-20', said: 'c 03-11' },
      'cancel; T 04-01; cancel 03-11',
    ],
    ['brand', 'nothing promised', { now: '03-12' }, 'no_clock'],
  ])('%s: %s', (regime, _, story, expected) => {
    expect(told(dutyOf(facts(regime, story)))).toBe(expected);
  });
});

describe('whose law', () => {
  const party = (shipTo: string, more: Partial<Parameters<typeof regimesOf>[0]> = {}) =>
    regimesOf({ shipTo, buyer: null, business: false, usExemption: null, ...more }).join(' ');

  test.each([
    ['US', {}, 'us'],
    ['PR', {}, 'us'],
    ['DE', {}, 'eu'],
    ['NO', {}, 'eu'],
    ['RE', {}, 'eu'],
    ['GB', {}, 'uk'],
    ['JE', {}, 'brand'],
    ['CH', {}, 'brand'],
    ['CA', {}, 'brand'],
    ['US', { business: true }, 'us'],
    ['US', { business: true, usExemption: 'counsel' }, 'contract'],
    ['US', { usExemption: 'cash_on_delivery' }, 'brand'],
    ['DE', { business: true }, 'contract'],
    ['GB', { business: true }, 'contract'],
    ['US', { buyer: 'DE' }, 'us eu'],
    ['CH', { buyer: 'DE' }, 'eu'],
    ['GB', { buyer: 'US' }, 'uk us'],
  ])('to %s with %j: %s', (shipTo, more, expected) => {
    expect(party(shipTo, more)).toBe(expected);
  });

  test('of two laws the stricter holds: the US would take silence for a yes, the EU does not', () => {
    const story: Story = { stated: T, now: '03-10', eta: '04-20' };
    const duty = strictest(dutyOf(facts('us', story)), dutyOf(facts('eu', story)));
    expect(told(duty)).toBe('notice_due; T 04-01; first by 04-01 send 03-31; silence nothing');
  });

  test('the earlier deadline holds: two days were stated', () => {
    const us = dutyOf(facts('us', { stated: '04-10', now: '03-10', eta: '06-20' }));
    const uk = dutyOf(facts('uk', { stated: T, now: '03-10', eta: '06-20' }));
    expect(told(strictest(us, uk))).toBe(
      'notice_due; T 04-01; first by 04-01 send 03-31; silence cancelled 05-10',
    );
  });

  test('every row says where it is from', () => {
    for (const row of Object.values(LAW)) expect(row.source.length).toBeGreaterThan(8);
  });
});

describe('the working day before', () => {
  const easter = { ...MONDAY_TO_FRIDAY, holidays: new Set([day('04-03'), day('04-06')]) };
  test.each([
    ['04-02', '04-01'], // Maundy Thursday
    ['04-06', '04-02'], // Easter Monday: past the weekend and Good Friday
    ['04-07', '04-02'],
    ['04-08', '04-07'],
  ])('%s is %s', (from, before) => {
    expect(workingDayBefore(easter, day(from))).toBe(day(before));
  });

  test('a notice is sent before the holidays', () => {
    const duty = dutyOf(facts('us', { stated: '04-07', now: '03-10', eta: '04-20' }), easter);
    expect(told(duty)).toBe('notice_due; T 04-07; first by 04-07 send 04-02; silence consent');
  });
});
