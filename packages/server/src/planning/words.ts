import { dayText, type Reorder, type ReorderFacts } from '@kept/engine';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** '200 waiting, 40 a week joining, PO-118 brings 120 on 4 May: order 400 by 1 May, or the wait grows to 9 weeks.' */
export function reorderWords(facts: ReorderFacts, answer: Reorder): string {
  const parts: string[] = [];
  if (facts.queue > 0) parts.push(`${facts.queue} waiting`);
  else parts.push(`${facts.onHand - facts.openUnits} free on hand`);
  parts.push(`${rate(answer.weeklyDemand)} a week ${facts.queue > 0 ? 'joining' : 'asked for'}`);
  const [first, ...others] = facts.arrivals;
  if (first === undefined) parts.push('nothing on its way');
  else parts.push(`${first.name} brings ${first.quantity} on ${dayWords(first.day)}`);
  if (others.length > 0) parts.push(`${others.length} more on their way`);
  if (facts.draftSupply > 0) parts.push(`${facts.draftSupply} in drafts`);
  const raised =
    answer.quantity > answer.wanted ? ` (${answer.wanted} are wanted; the supplier takes no fewer)` : '';
  const weeks = answer.waitWeeks === 1 ? '1 week' : `${answer.waitWeeks} weeks`;
  const threat =
    facts.queue > 0
      ? `or the wait grows to ${weeks}`
      : `or it is gone by ${dayWords(answer.coveredUntil ?? facts.today)}, and for ${weeks}`;
  return `${parts.join(', ')}: order ${answer.quantity} by ${dayWords(answer.orderBy ?? facts.today)}${raised}, ${threat}.`;
}

function rate(units: number): string {
  return units >= 10 ? String(Math.round(units)) : String(Math.round(units * 10) / 10);
}

function dayWords(day: number): string {
  const [, month, date] = dayText(day).split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1]}`;
}
