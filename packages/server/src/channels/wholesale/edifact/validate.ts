import { dayOf } from '../dates.ts';
import { type Fault, type FaultKind, shown } from '../fault.ts';
import { arrange, type Loop, type Step } from '../structure.ts';
import { at, type EdifactMessage, type EdifactSegment } from './interchange.ts';
import { MESSAGE_TYPES } from './messages.ts';
import { type EdifactComponent, isCode, SEGMENTS } from './segments.ts';

export interface Validated {
  readonly loop: Loop<EdifactSegment>;
  readonly faults: readonly Fault[];
}

/** What is wrong in these cannot be passed by: they say what is ordered, from whom and when. */
const DECISIVE = new Set('UNH UNT UNS BGM DTM NAD CUX LIN PIA QTY PRI CNT UCI UCM UCS UCD'.split(' '));

/** Every segment of the structures; others have nothing to look for in these messages. */
const KNOWN = new Set<string>();
const learn = (steps: readonly Step[]) => {
  for (const { tag, loop } of steps) {
    KNOWN.add(tag);
    if (loop !== null) learn(loop);
  }
};
for (const steps of MESSAGE_TYPES.values()) learn(steps);

/** Holds a message against Kept's own tables: its segments, and of each element whether it is there, its form and its code. */
export function validate(
  message: EdifactMessage,
  agreed: Readonly<Record<string, readonly string[]>> = {},
): Validated {
  const steps = MESSAGE_TYPES.get(message.type);
  const { loop, faults } = arrange(steps ?? [], message.segments, (tag) => KNOWN.has(tag));
  if (steps === undefined) {
    const words = `Message type ${shown(message.type)} is none that Kept takes.`;
    const unsupported: Fault = { kind: 'message_unsupported', level: 'message', grave: true, words };
    return { loop, faults: [...message.faults, unsupported] };
  }
  const all = [...message.faults, ...faults];
  for (const [index, segment] of message.segments.entries())
    all.push(...segmentFaults(segment, index + 1, agreed));
  all.push(...countFaults(loop));
  return { loop, faults: all };
}

function segmentFaults(
  segment: EdifactSegment,
  position: number,
  agreed: Readonly<Record<string, readonly string[]>>,
): Fault[] {
  const { tag, elements } = segment;
  const table = SEGMENTS.get(tag);
  if (table === undefined) return [];
  const faults: Fault[] = [];
  const decisive = DECISIVE.has(tag);
  const put = (
    kind: FaultKind,
    place: readonly [element: number, component: number],
    dictionary: string,
    words: string,
    grave: boolean,
  ) => {
    const [element, component] = place;
    const value = at(segment, element, component);
    faults.push({
      kind,
      level: 'element',
      grave: grave && decisive,
      segment: tag,
      position,
      element,
      component,
      ...(dictionary === '' ? {} : { dictionary }),
      ...(value === '' ? {} : { value }),
      words: `${tag}, element ${element}${component > 1 ? `, component ${component}` : ''}: ${words}`,
    });
  };
  for (const [e, components] of elements.entries())
    for (const [c, value] of components.entries()) {
      if (value === '') continue;
      const component = table[e]?.[c];
      if (component === undefined) {
        put('element_not_used', [e + 1, c + 1], '', `there is none; it holds ${shown(value)}.`, false);
        continue;
      }
      const wrong = componentFault(component, value, agreed);
      if (wrong !== null) put(wrong.kind, [e + 1, c + 1], component.dictionary, wrong.words, wrong.grave);
    }
  for (const [e, components] of table.entries()) {
    const used = (elements[e] ?? []).some((one) => one !== '');
    for (const [c, component] of components.entries()) {
      // A component that must be there must be so in a composite that is used; the first of a segment always.
      const needed = component.mandatory && (used || e === 0 || components.length === 1);
      if (needed && at(segment, e + 1, c + 1) === '')
        put(
          'element_missing',
          [e + 1, c + 1],
          component.dictionary,
          `element ${component.dictionary} is missing.`,
          true,
        );
    }
  }
  if (tag === 'DTM') {
    const wrong = dateFault(segment);
    if (wrong !== null) put('date_invalid', [1, 2], '2380', wrong, true);
  }
  return faults;
}

function componentFault(
  { dictionary, kind, least, most }: EdifactComponent,
  value: string,
  agreed: Readonly<Record<string, readonly string[]>>,
): { kind: FaultKind; words: string; grave: boolean } | null {
  const wrong = (fault: FaultKind, words: string, grave: boolean) => ({ kind: fault, words, grave });
  if (kind === 'n' && !/^-?(\d+([.,]\d*)?|[.,]\d+)$/.test(value))
    return wrong('number_invalid', `${shown(value)} is no number.`, true);
  if (kind === 'a' && !/^\D*$/.test(value))
    return wrong('character_invalid', `${shown(value)} holds digits.`, true);
  // A sign and a decimal mark do not count.
  const length = kind === 'n' ? value.replaceAll(/[-.,]/g, '').length : [...value].length;
  if (length > most) return wrong('element_too_long', `${length} characters, at most ${most}.`, false);
  if (length < least) return wrong('element_too_short', `${length} characters, at least ${least}.`, false);
  if (!isCode(dictionary, value, agreed[dictionary]))
    return wrong('code_invalid', `${shown(value)} is no code of element ${dictionary}.`, true);
  return null;
}

/** A date in a format that is known must be one that exists. */
function dateFault(segment: EdifactSegment): string | null {
  const [value, format] = [at(segment, 1, 2), at(segment, 1, 3)];
  if (value === '' || !['101', '102', '201', '203', '204', '718'].includes(format)) return null;
  return dayIn(value, format) === null ? `${shown(value)} is no day in format ${format}.` : null;
}

/** The day of a date in one of the formats of 2379; of a period its first. Null: none, or a format without a day. */
export function dayIn(value: string, format: string): string | null {
  switch (format) {
    case '':
    case '102':
      return value.length === 8 ? dayOf(value) : null;
    case '203':
      return value.length === 12 ? dayOf(value.slice(0, 8)) : null;
    case '204':
      return value.length === 14 ? dayOf(value.slice(0, 8)) : null;
    case '718':
      return value.length === 16 || value.length === 17 ? dayOf(value.slice(0, 8)) : null;
    case '101':
    case '201': {
      const [year, rest] = [Number(value.slice(0, 2)), value.slice(2, 6)];
      return value.length === (format === '101' ? 6 : 10)
        ? dayOf(`${year < 70 ? 20 : 19}${value.slice(0, 2)}${rest}`)
        : null;
    }
    default:
      return null;
  }
}

/** CNT+2 counts the lines. */
function countFaults(loop: Loop<EdifactSegment>): Fault[] {
  const lines =
    loop.inside('LIN').length + loop.inside('CPS').reduce((sum, one) => sum + one.inside('LIN').length, 0);
  return loop.segments.flatMap(({ segment, position }): Fault[] => {
    if (segment.tag !== 'CNT' || at(segment, 1) !== '2' || Number(at(segment, 1, 2)) === lines) return [];
    const value = at(segment, 1, 2);
    const words = `CNT counts ${shown(value)} lines; there are ${lines}.`;
    return [
      {
        kind: 'message_count_differs',
        level: 'element',
        grave: true,
        segment: 'CNT',
        position,
        element: 1,
        component: 2,
        value,
        words,
      },
    ];
  });
}
