import { reportWeek } from '../book/index.ts';
import { buyerMail } from '../buyer-mail.ts';
import { smtpSender } from '../comms/index.ts';
import { manualClock } from '../platform/clock.ts';
import { openDatabase } from '../platform/database.ts';
import { openIds } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { tellBuyers } from '../watch/index.ts';

/** A process that tells the first brand's buyers and who reads the book until it is killed: node buyer-teller.ts DATABASE_URL SMTP_URL NOW */
const [url, smtp, now] = process.argv.slice(2) as [string, string, string];
const db = await openDatabase({ url, max: 4 });
const kept = { db, clock: manualClock(new Date(now)), ids: openIds(db), log: createLog('silent') };
const outgoing = { sender: smtpSender(smtp, 'Kept <kept@ember.example>'), pageUrl: null };
console.log('telling');
for (;;) {
  await reportWeek(kept, 1, outgoing);
  await tellBuyers(kept, 1, { mail: buyerMail(outgoing), privateTargets: false, leaseSeconds: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
}
