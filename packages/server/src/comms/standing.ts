import { type DutyState, dayText, type Silence } from '@kept/engine';
import type { StandingRow } from './desk-store.ts';
import { type Story, type StoryLine, toldLines } from './story.ts';

/** The strictest first: what one line asks, the order asks. */
const STATES = [
  'cancel',
  'notice_due',
  'awaiting_consent',
  'overdue',
] as const satisfies readonly DutyState[];

/** How an order stands with its customer. Null: there is nothing to be told and nobody is asked. */
export function standingOf(story: Story): StandingRow | null {
  const open = story.lines.filter((line) => line.open > 0);
  const asked = open.map((line) => askedOf(story, line)).filter((one) => one !== null);
  const about = open.filter((line) => (STATES as readonly string[]).includes(line.engine.duty.state));
  const state = STATES.find((one) => about.some((line) => line.engine.duty.state === one));
  if (state === undefined && asked.length === 0) return null;
  const lines = state === undefined ? asked.map((one) => one.line) : about;
  const duties = lines.map((line) => line.engine.duty);
  const day = (days: readonly (number | null | undefined)[]) => {
    const known = days.filter((one): one is number => typeof one === 'number');
    return known.length === 0 ? null : dayText(Math.min(...known));
  };
  const silences =
    asked.length > 0 ? asked.map((one) => one.silence) : duties.flatMap((one) => one.silence ?? []);
  const silence = silences.toSorted(strictestFirst)[0] ?? null;
  return {
    order: story.row.order_id,
    state: state ?? 'asked',
    regime: story.regimes.join('+'),
    lines: lines.length,
    units: lines.reduce((units, line) => units + line.open, 0),
    noticeBy: day(duties.map((duty) => duty.notice?.by)),
    sendBy: day(duties.map((duty) => duty.notice?.sendBy)),
    silence: silence?.means ?? null,
    silenceOn: silence === null ? null : day([silence.on]),
    askedAt: asked.map((one) => one.at).toSorted()[0] ?? null,
    awaiting: open
      .filter((line) => line.engine.duty.state === 'awaiting_consent')
      .map((line) => line.row.line),
    missedOn: day(duties.flatMap((duty) => duty.missed.map((one) => one.on))),
  };
}

interface Asked {
  readonly line: StoryLine;
  /** ISO 8601. */
  readonly at: string;
  readonly silence: Silence;
}

/** The notice about a line that went out and that its customer has said nothing to. */
function askedOf(story: Story, line: StoryLine): Asked | null {
  const told = (one: Story['messages'][number]) => toldLines(one).find((told) => told.line === line.row.line);
  const notice = story.messages.findLast(
    (one) => one.state === 'sent' && one.kind.endsWith('delay_notice') && told(one) !== undefined,
  );
  if (notice === undefined || notice.sent_at === null) return null;
  const at = Date.parse(notice.sent_at);
  if (story.choices.some((one) => one.line === line.row.line && Date.parse(one.happened_at) >= at))
    return null;
  // Where nothing hangs on it any more, saying nothing agreed to the day that was told.
  const { silence } = line.engine.duty;
  return { line, at: notice.sent_at, silence: silence ?? { means: 'consent', on: null } };
}

const ORDER = ['cancelled', 'nothing', 'consent'];
const strictestFirst = (a: Silence, b: Silence) =>
  ORDER.indexOf(a.means) - ORDER.indexOf(b.means) || (a.on ?? Number.MAX_VALUE) - (b.on ?? Number.MAX_VALUE);
