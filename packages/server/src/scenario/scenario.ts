import type { QuarterTerms } from './quarter/terms.ts';

/** A story that runs through the public API: what there is at first, then steps, each with what is expected of it. */
export interface Scenario {
  readonly file: string;
  readonly title: string;
  /** Why the story matters, in prose. */
  readonly story: string | null;
  /** When it begins; null: whenever it is run. */
  readonly start: Date | null;
  readonly brand: ScenarioBrand;
  /** Whether messages to customers go out; else they wait, as without a mail server. */
  readonly messages: 'wait' | 'arrive';
  /** The calls of `given:` first. */
  readonly steps: readonly Step[];
}

export interface ScenarioBrand {
  readonly title: string;
  /** IANA. */
  readonly timeZone: string;
  readonly currency: string;
  readonly country: string;
}

interface Told {
  /** Where it stands in its file, from 1. */
  readonly line: number;
  readonly say: string | null;
}

/** Time moves: to an instant, or by a span such as '+7d'. */
export interface ClockStep extends Told {
  readonly kind: 'clock';
  readonly to: string;
}

/** A call and what is expected of its answer. Strings in it may still name days and what was saved before. */
export interface CallStep extends Told {
  readonly kind: 'call';
  /** It came from `given:`. */
  readonly given: boolean;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Undefined: none. */
  readonly body: unknown;
  readonly expect: Expectation;
  /** What later steps call by name: name → path into the answer, such as body.id. */
  readonly save: Readonly<Record<string, string>>;
}

/** Months of the demo brand, played day by day; its answer is what every order had to be told, beside what it was told. */
export interface QuarterStep extends Told {
  readonly kind: 'quarter';
  readonly terms: QuarterTerms;
  readonly expect: Expectation;
}

export type Step = ClockStep | CallStep | QuarterStep;

/** What an answer has to have; what it does not name may be anything. Without a status, any of success. */
export interface Expectation {
  readonly status?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Kept, as a scenario sees it. */
export interface Server {
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}
