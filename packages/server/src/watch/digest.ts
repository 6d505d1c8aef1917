import { dayText, localTime } from '@kept/engine';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { openSignals, type SignalView } from '../signals/index.ts';
import { countDeliveries, insertDeliveries } from './delivery-store.ts';
import { loadSignalSettings, type Settings } from './settings.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A digest tells so many; the rest is counted. */
const MOST_TOLD = 100;

/** Writes the day's digests once their time has come: one to each address, none where nothing is open for it. */
export async function writeDigests(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  await withBrand(kept.db, brandId, async (client) => {
    const { settings } = await loadSignalSettings(client, brandId);
    if (settings.digest === null) return;
    const { timeZone } = await loadSettings(client, kept.db, brandId);
    const { day, minutes } = localTime(now.getTime(), timeZone);
    const [hour, minute] = settings.digest.at.split(':').map(Number) as [number, number];
    const weekday = ((day + 3) % 7) + 1;
    if (minutes < 60 * hour + minute || !settings.digest.weekdays.includes(weekday)) return;
    const recipients = recipientsOf(settings);
    const cause = `digest:${dayText(day)}`;
    if ((await countDeliveries(client, brandId, cause)) >= recipients.size) return;
    const signals = await openSignals(client, brandId, 1000);
    await insertDeliveries(
      client,
      brandId,
      now.toISOString(),
      [...recipients].map(([email, concerns]) => {
        const own = signals.filter(concerns);
        const payload = JSON.stringify(digestLetter(own));
        return { cause, target: `mailto:${email}`, payload, done: own.length === 0 };
      }),
    );
  });
}

/** By address: which signals are told. */
function recipientsOf({ digest, buyers }: Settings): Map<string, (signal: SignalView) => boolean> {
  const recipients = new Map<string, (signal: SignalView) => boolean>();
  for (const { email, suppliers } of buyers)
    recipients.set(email, ({ supplier, data }) => {
      const whose = typeof data.supplier === 'string' ? data.supplier : supplier;
      return whose === undefined || suppliers.includes(whose);
    });
  for (const email of digest?.to ?? []) recipients.set(email, () => true);
  return recipients;
}

export function digestLetter(signals: readonly SignalView[]): Letter {
  const told = signals.slice(0, MOST_TOLD);
  const rest = signals.length - told.length;
  const more = rest === 0 ? [] : [`${rest} more stand in Kept.`];
  const subject =
    signals.length === 1
      ? '1 thing to decide about backorders'
      : `${signals.length} things to decide about backorders`;
  const text = [
    ...told.map(({ words, choices }) => [words, ...choices.map((one) => `  - ${one.words}`)].join('\n')),
    ...more,
  ];
  const html = told.map(
    ({ words, choices }) =>
      `<li><p>${escaped(words)}</p><ul>${choices.map((one) => `<li>${escaped(one.words)}</li>`).join('')}</ul></li>`,
  );
  return {
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body><ol>${html.join('')}</ol>${more.map((line) => `<p>${line}</p>`).join('')}</body></html>`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
