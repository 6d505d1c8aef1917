import type { Fault } from '../fault.ts';

/** Each is one character; '' for a release character means that there is none. */
export interface EdifactDelimiters {
  readonly component: string;
  readonly element: string;
  readonly decimal: string;
  readonly release: string;
  readonly segment: string;
}

export const USUAL: EdifactDelimiters = {
  component: ':',
  element: '+',
  decimal: '.',
  release: '?',
  segment: "'",
};

/** A segment: its elements, each of its components, without the separators and release characters that wrote them. */
export interface EdifactSegment {
  readonly tag: string;
  readonly elements: readonly (readonly string[])[];
}

/** A message from UNH to UNT, both among its segments. */
export interface EdifactMessage {
  /** Such as ORDERS. */
  readonly type: string;
  /** Such as D:96A:UN:EAN008. */
  readonly version: string;
  /** 0062, the message reference. */
  readonly control: string;
  readonly segments: readonly EdifactSegment[];
  readonly faults: readonly Fault[];
}

export interface EdifactInterchange {
  readonly delimiters: EdifactDelimiters;
  /** UNB. */
  readonly header: EdifactSegment;
  readonly messages: readonly EdifactMessage[];
  readonly faults: readonly Fault[];
}

/** A component, or '' where there is none. Both are numbered from 1, as the standard does. */
export const at = (segment: EdifactSegment, element: number, component = 1): string =>
  segment.elements[element - 1]?.[component - 1] ?? '';
