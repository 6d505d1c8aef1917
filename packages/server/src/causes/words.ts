import type { Evidence } from '@kept/engine';

const units = (count: unknown) => (count === 1 ? '1 unit' : `${count} units`);
const whole = (value: unknown) => Math.round(Number(value));
const days = (count: unknown) => (count === 1 ? '1 day' : `${count} days`);

/** Evidence as a planner reads it: what was on record, with its figures. */
export function evidenceWords({ cause, units: explained, data }: Evidence): string {
  switch (cause) {
    case 'forecast_undershoot':
      return `${whole(data.ordered)} were ordered where ${whole(data.expected)} were forecast, and at most ${whole(data.high)} in nine of ten cases.`;
    case 'supplier_delay':
      return `${data.supply} ${data.daysLate === null ? 'has not come, and nobody knows when' : `was ${days(data.daysLate)} late`}${data.reason === null ? '' : ` (${data.reason})`}: ${units(whole(explained))} that would have been there.`;
    case 'multichannel_oversell':
      return `${data.channels} took ${data.taken} together of ${data.sellable} that lay there.`;
    case 'moq_shortfall':
      return data.needed === undefined
        ? `${data.supply} waited for a larger order${data.waitedDays === null ? '' : `, by ${days(data.waitedDays)}`}.`
        : `${units(data.needed)} were needed and the supplier takes no fewer than ${data.moq}: the order waited${data.waitedDays === null ? '' : ` ${days(data.waitedDays)}`}.`;
    case 'promotional_surprise':
      return `Campaign ${data.campaign} was told to planning ${Number(data.toldDaysBefore) >= 0 ? `${days(data.toldDaysBefore)} before it began` : 'after it had begun'}: ${units(whole(explained))} more than planned.`;
    case 'quality_or_returns_hold':
      return `${units(data.held)} lay there and could not ship.`;
    case 'limited_drop':
      return 'A limited drop: the wait was meant.';
    case 'made_to_order':
      return 'Made to order: the wait was meant.';
    case 'demand_validation':
      return 'Ordered before the supplier order was placed: the wait was meant.';
    case 'undetermined':
      return 'No record explains it.';
  }
}
