import { type CallWeather, FAIR_WEATHER } from '../../../connections/testing/call-faults.ts';

/** What can be made to go wrong: with calls, and with what Amazon tells by itself. */
export interface Faults extends CallWeather {
  /** Access tokens end after three requests, whatever their time. */
  expiredTokens: boolean;
  /** Each notification comes twice. */
  duplicates: boolean;
  /** The newest notification comes first. */
  outOfOrder: boolean;
  /** Every other notification never comes. */
  missed: boolean;
}

export const NO_FAULTS: Readonly<Faults> = {
  ...FAIR_WEATHER,
  expiredTokens: false,
  duplicates: false,
  outOfOrder: false,
  missed: false,
};
