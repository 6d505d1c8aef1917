/** What can be wrong with a message, in Kept's own words; each standard has its own codes for them. */
export type FaultKind =
  | 'segment_unknown'
  | 'segment_unexpected'
  | 'segment_missing'
  | 'segment_too_often'
  | 'segment_out_of_order'
  | 'element_missing'
  | 'element_not_used'
  | 'element_too_short'
  | 'element_too_long'
  | 'character_invalid'
  | 'code_invalid'
  | 'date_invalid'
  | 'time_invalid'
  | 'number_invalid'
  | 'condition_violated'
  | 'message_unsupported'
  | 'message_header_invalid'
  | 'message_trailer_missing'
  | 'message_control_differs'
  | 'message_count_differs'
  | 'group_unsupported'
  | 'group_trailer_missing'
  | 'group_control_differs'
  | 'group_count_differs'
  | 'control_repeated'
  | 'interchange_trailer_missing'
  | 'interchange_control_differs'
  | 'interchange_count_differs'
  | 'interchange_header_invalid'
  | 'interchange_unknown_partner'
  | 'interchange_wrong_usage'
  | 'interchange_repeated'
  | 'unreadable';

/** One thing that is wrong, where it is, and whether the message can be used all the same. */
export interface Fault {
  readonly kind: FaultKind;
  readonly level: 'interchange' | 'group' | 'message' | 'segment' | 'element';
  /** A grave one rejects what it is in; another is noted and told. */
  readonly grave: boolean;
  readonly words: string;
  readonly segment?: string;
  /** The segment's place in its message, the header being 1. */
  readonly position?: number;
  readonly loop?: string;
  /** From 1. */
  readonly element?: number;
  /** From 1, inside a composite. */
  readonly component?: number;
  /** The number under which the standard's dictionary has the element. */
  readonly dictionary?: string;
  readonly value?: string;
}

export const isGrave = (faults: readonly Fault[]) => faults.some((fault) => fault.grave);

/** A value as a sentence shows it: short, and on one line. */
export function shown(value: string): string {
  const short = value.length > 40 ? `${value.slice(0, 39)}…` : value;
  return JSON.stringify(short);
}
