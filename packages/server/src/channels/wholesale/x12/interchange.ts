import type { Fault } from '../fault.ts';

/** What separates what in an interchange; each is one character, told by its ISA segment. */
export interface X12Delimiters {
  readonly element: string;
  readonly component: string;
  readonly segment: string;
  /** Of 5010 and later; null where ISA11 is no separator. */
  readonly repetition: string | null;
}

/** A segment: its elements as they stand, `elements[0]` being the one that the standard numbers 01. */
export interface X12Segment {
  readonly tag: string;
  readonly elements: readonly string[];
}

/** A transaction set from ST to SE, both among its segments. */
export interface X12Transaction {
  /** ST01, such as 850. */
  readonly set: string;
  /** ST02. */
  readonly control: string;
  readonly segments: readonly X12Segment[];
  /** What is wrong with its envelope. */
  readonly faults: readonly Fault[];
}

export interface X12Group {
  /** GS, all eight elements. */
  readonly header: X12Segment;
  readonly transactions: readonly X12Transaction[];
  readonly faults: readonly Fault[];
}

export interface X12Interchange {
  readonly delimiters: X12Delimiters;
  /** ISA, sixteen elements without their filling blanks. */
  readonly header: X12Segment;
  readonly groups: readonly X12Group[];
  /** TA1 segments: what the partner says of interchanges that it got from us. */
  readonly acknowledgements: readonly X12Segment[];
  readonly faults: readonly Fault[];
}

/** ISA elements by name, from 0. */
export const ISA = {
  senderQualifier: 4,
  sender: 5,
  receiverQualifier: 6,
  receiver: 7,
  date: 8,
  time: 9,
  repetition: 10,
  version: 11,
  control: 12,
  acknowledge: 13,
  usage: 14,
  component: 15,
} as const;

/** An element, or '' where the segment ends before it. Numbered as the standard does, from 1. */
export const at = (segment: X12Segment, number: number): string => segment.elements[number - 1] ?? '';

/** Control numbers are numbers: leading zeroes do not make another one. */
export const sameControl = (a: string, b: string) => a.replace(/^0+(?=.)/, '') === b.replace(/^0+(?=.)/, '');
