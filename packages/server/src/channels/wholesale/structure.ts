import type { Fault } from './fault.ts';

/** A message's segments in the order in which its standard has them. */
export interface Step {
  readonly tag: string;
  readonly mandatory: boolean;
  readonly most: number;
  /** The steps of a loop, the first being the segment that begins it; null: a lone segment. */
  readonly loop: readonly Step[] | null;
}

/**
 * Reads a structure: `!` must be there, a number after a colon says how often at most (once unless told, `*` without end), and
 * parentheses hold a loop that its first segment begins: `ST! REF:* (10! PO1 PID:2 ) SE!`.
 */
export function stepsOf(text: string): Step[] {
  const tokens = text.split(/\s+/).filter((one) => one !== '');
  let index = 0;
  const countOf = (count: string) => (count === '*' ? Number.POSITIVE_INFINITY : Number(count));
  const readUntilClosed = (): Step[] => {
    const steps: Step[] = [];
    while (index < tokens.length) {
      const token = tokens[index++]!;
      if (token === ')') return steps;
      const mandatory = token.endsWith('!');
      const bare = mandatory ? token.slice(0, -1) : token;
      if (bare.startsWith('(')) {
        const [first, ...rest] = readUntilClosed();
        const loop = [{ ...first!, mandatory: true }, ...rest];
        steps.push({ tag: first!.tag, mandatory, most: countOf(bare.slice(1)), loop });
      } else {
        const [tag, count = '1'] = bare.split(':');
        steps.push({ tag: tag!, mandatory, most: countOf(count), loop: null });
      }
    }
    return steps;
  };
  return readUntilClosed();
}

/** A segment where it stands: its place in the message, the header being 1. */
export interface Placed<Segment> {
  readonly segment: Segment;
  readonly position: number;
}

/** What belongs together: the segment that begins it, those beside it, and the loops inside. The message itself is the outermost. */
export class Loop<Segment extends { readonly tag: string }> {
  readonly segments: Placed<Segment>[] = [];
  readonly loops: Loop<Segment>[] = [];
  readonly tag: string;

  constructor(tag: string) {
    this.tag = tag;
  }

  /** The first segment of a name that belongs to this loop itself. */
  first(tag: string): Segment | undefined {
    return this.segments.find((one) => one.segment.tag === tag)?.segment;
  }

  all(tag: string): Segment[] {
    return this.segments.filter((one) => one.segment.tag === tag).map((one) => one.segment);
  }

  inside(tag: string): Loop<Segment>[] {
    return this.loops.filter((one) => one.tag === tag);
  }
}

interface Frame<Segment extends { readonly tag: string }> {
  readonly steps: readonly Step[];
  readonly counts: number[];
  at: number;
  /** Steps that were told to be missing. */
  readonly missed: Set<number>;
  readonly loop: Loop<Segment>;
}

/**
 * Holds segments against a structure and answers them as loops. A segment that is merely out of its order is put where it
 * belongs; one that belongs nowhere is passed by. Both are faults that are noted; only a missing segment is grave.
 * @param known whether the standard has a segment of this name at all
 */
export function arrange<Segment extends { readonly tag: string }>(
  steps: readonly Step[],
  segments: readonly Segment[],
  known: (tag: string) => boolean,
): { loop: Loop<Segment>; faults: Fault[] } {
  const faults: Fault[] = [];
  const root = frameOf<Segment>('', steps);
  const frames = [root];
  const fault = (kind: Fault['kind'], tag: string, position: number, grave: boolean, words: string) => {
    const loop = frames.at(-1)!.loop.tag;
    faults.push({ kind, level: 'segment', grave, segment: tag, position, ...(loop ? { loop } : {}), words });
  };
  const missing = (tag: string, position: number) =>
    fault('segment_missing', tag, position, true, `${tag} is missing before segment ${position}.`);
  const close = (downTo: number, position: number) => {
    while (frames.length > downTo) {
      const frame = frames.at(-1)!;
      for (const [n, step] of frame.steps.entries())
        if (step.mandatory && frame.counts[n] === 0 && !frame.missed.has(n)) missing(step.tag, position);
      frames.pop();
    }
  };
  /** What must be there and is passed by is missing here, unless it comes later, out of its order. */
  const passBy = (frame: Frame<Segment>, to: number, position: number) => {
    for (let n = frame.at; n < to; n++) {
      const step = frame.steps[n]!;
      if (!step.mandatory || frame.counts[n] !== 0 || frame.missed.has(n)) continue;
      if (segments.slice(position).some((one) => one.tag === step.tag)) continue;
      frame.missed.add(n);
      missing(step.tag, position);
    }
  };
  for (const [index, segment] of segments.entries()) {
    const position = index + 1;
    const { tag } = segment;
    const found = placeOf(frames, tag);
    if (found === null) {
      if (known(tag)) fault('segment_unexpected', tag, position, false, `${tag} does not belong here.`);
      else
        fault(
          'segment_unknown',
          tag,
          position,
          // What is not even formed like a name may hold a segment whose beginning was lost.
          !/^[A-Z][A-Z0-9]{1,2}$/.test(tag),
          `${JSON.stringify(tag)} is no segment that the standard has here.`,
        );
      continue;
    }
    close(found.depth + 1, position);
    const frame = frames[found.depth]!;
    const step = frame.steps[found.step]!;
    frame.counts[found.step]!++;
    if (!found.backwards) passBy(frame, found.step, position);
    if (found.backwards)
      fault(
        'segment_out_of_order',
        tag,
        position,
        false,
        `${tag} stands after segments that it comes before.`,
      );
    else frame.at = found.step;
    if (frame.counts[found.step]! > step.most)
      fault('segment_too_often', tag, position, false, `${tag} is there more than ${step.most} times.`);
    if (step.loop === null) {
      frame.loop.segments.push({ segment, position });
      continue;
    }
    const inner = frameOf<Segment>(tag, step.loop);
    inner.counts[0] = 1;
    inner.loop.segments.push({ segment, position });
    frame.loop.loops.push(inner.loop);
    frames.push(inner);
  }
  close(0, segments.length);
  return { loop: root.loop, faults };
}

const frameOf = <Segment extends { readonly tag: string }>(
  tag: string,
  steps: readonly Step[],
): Frame<Segment> => ({ steps, counts: steps.map(() => 0), at: 0, missed: new Set(), loop: new Loop(tag) });

interface Found {
  readonly depth: number;
  readonly step: number;
  readonly backwards: boolean;
}

/** Forwards from where the message is, the innermost loop first; else backwards; else where it is there too often. */
function placeOf<Segment extends { readonly tag: string }>(
  frames: readonly Frame<Segment>[],
  tag: string,
): Found | null {
  for (let depth = frames.length - 1; depth >= 0; depth--) {
    const { steps, counts, at } = frames[depth]!;
    const step = steps.findIndex((one, n) => n >= at && one.tag === tag && counts[n]! < one.most);
    if (step >= 0) return { depth, step, backwards: false };
  }
  let full: Found | null = null;
  for (let depth = frames.length - 1; depth >= 0; depth--) {
    const { steps, counts, at } = frames[depth]!;
    const step = steps.findIndex((one, n) => one.tag === tag && counts[n]! < one.most);
    if (step >= 0) return { depth, step, backwards: step < at };
    // The segment that begins a loop is there once in each: that it is full means another loop, not a fault.
    const first = depth > 0 ? 1 : 0;
    full ??= foundAt(
      depth,
      steps.findIndex((one, n) => n >= first && one.tag === tag),
    );
  }
  return full;
}

const foundAt = (depth: number, step: number): Found | null =>
  step < 0 ? null : { depth, step, backwards: false };
