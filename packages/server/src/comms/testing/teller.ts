import { manualClock } from '../../platform/clock.ts';
import { openDatabase } from '../../platform/database.ts';
import { openIds } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { smtpSender, tell } from '../index.ts';

/** A process that tells the first brand's customers until it is killed: node teller.ts DATABASE_URL SMTP_URL NOW */
const [url, smtp, now] = process.argv.slice(2) as [string, string, string];
const db = await openDatabase({ url, max: 4 });
const kept = { db, clock: manualClock(new Date(now)), ids: openIds(db), log: createLog('silent') };
const outgoing = {
  sender: smtpSender(smtp, 'Ember <orders@ember.example>'),
  pageUrl: 'https://orders.ember.example',
  leaseSeconds: 1,
};
console.log('telling');
for (;;) {
  await tell(kept, 1, outgoing);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
