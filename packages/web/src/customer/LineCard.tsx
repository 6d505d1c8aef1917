import type { Order, OrderLine } from './order.ts';
import { spellDay, wordsIn } from './words.ts';

/** One line of the order: what, when, and why that is another day now. */
export function LineCard({ line, order }: { line: OrderLine; order: Order }) {
  const words = wordsIn(order.language);
  const spell = (day: string) => spellDay(day, order.today, order.language);
  const some = words.some(line.shipped, line.cancelled);
  return (
    <section className="card">
      <h2>
        {line.ordered > 1 ? `${line.ordered} × ` : ''}
        {line.title}
      </h2>
      <p className="day">{dayOf(line, words, spell)}</p>
      {line.open > 0 && line.firstShipBy !== null && (
        <p>
          {words.first(spell(line.firstShipBy))} {line.why}
        </p>
      )}
      {line.open > 0 && line.agreed !== null && (
        <p>{words.agreed(line.agreed.until === null ? null : spell(line.agreed.until))}</p>
      )}
      {line.open > 0 && line.ahead !== null && <p className="soft">{words.ahead(line.ahead)}</p>}
      {line.open > 0 && some !== '' && <p className="soft">{some}</p>}
    </section>
  );
}

function dayOf(line: OrderLine, words: ReturnType<typeof wordsIn>, spell: (day: string) => string): string {
  if (line.open === 0) return line.shipped > 0 ? words.gone : words.over;
  const [only, ...others] = line.parts;
  if (only === undefined) return words.noDate;
  if (others.length === 0) return words.leavesBy(spell(only.shipBy));
  return line.parts.map((part) => words.partLeavesBy(part.quantity, spell(part.shipBy))).join(', ');
}
