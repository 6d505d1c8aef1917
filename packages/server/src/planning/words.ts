import { dayText, type Reorder, type ReorderFacts } from '@kept/engine';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** '200 waiting, 40 a week joining, PO-118 brings 120 on 4 May: order 400 by 1 May, or the wait grows to 9 weeks.' */
export function reorderWords(facts: ReorderFacts, answer: Reorder): string {
  const parts: string[] = [];
  if (facts.queue > 0) parts.push(`${count(facts.queue)} waiting`);
  else parts.push(`${count(facts.onHand - facts.openUnits)} free on hand`);
  parts.push(`${rate(answer.weeklyDemand)} a week ${facts.queue > 0 ? 'joining' : 'asked for'}`);
  const [first, ...others] = facts.arrivals;
  if (first === undefined) parts.push('nothing on its way');
  else parts.push(`${first.name} brings ${count(first.quantity)} on ${dayWords(first.day)}`);
  if (others.length > 0) parts.push(`${count(others.length)} more on their way`);
  if (facts.draftSupply > 0) parts.push(`${count(facts.draftSupply)} in drafts`);
  const by = dayWords(answer.orderBy ?? facts.today);
  return `${parts.join(', ')}: order ${count(answer.quantity)} by ${by}${raised(facts, answer)}, ${threat(facts, answer)}.`;
}

/** Why it is more than is wanted. */
function raised({ terms: { moq, orderMultiple } }: ReorderFacts, { quantity, wanted }: Reorder): string {
  if (quantity <= wanted) return '';
  const multiple = `multiples of ${count(orderMultiple)}`;
  if (wanted >= moq) return ` (${count(wanted)} are wanted, in ${multiple})`;
  const least = `the supplier takes no fewer than ${count(moq)}`;
  return ` (${count(wanted)} are wanted; ${least}${quantity > moq ? `, in ${multiple}` : ''})`;
}

/** What becomes of it without the order. */
function threat({ today, queue, terms }: ReorderFacts, answer: Reorder): string {
  const weeks = answer.waitWeeks === 1 ? '1 week' : `${count(answer.waitWeeks)} weeks`;
  if (queue > 0) return `or the wait grows to ${weeks}`;
  const days = terms.leadTimeDays + terms.reviewDays;
  const until = answer.coveredUntil;
  // What is usual would not empty it: it is for the unusual.
  if (until === null || until > today + days)
    return `since up to ${count(answer.reorderPoint)} may be asked for in the ${days} days until then (${rate(answer.leadTimeDemand.mean)} are usual)`;
  return `or it is gone by ${dayWords(until)}, and for ${weeks}`;
}

const count = (units: number) => units.toLocaleString('en');

function rate(units: number): string {
  return units >= 10 ? count(Math.round(units)) : String(Math.round(units * 10) / 10);
}

function dayWords(day: number): string {
  const [, month, date] = dayText(day).split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1]}`;
}
