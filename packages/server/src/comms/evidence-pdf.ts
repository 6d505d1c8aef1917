import PDFDocument from 'pdfkit';
import type { EvidenceView } from './evidence.ts';

/** An order's evidence on paper, as a stream: every fact with its moment in UTC, in the order in which it happened. */
export function evidencePdf(evidence: EvidenceView): NodeJS.ReadableStream {
  const paper = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: `Evidence of order ${evidence.order}`, Creator: 'Kept' },
  });
  const heading = (text: string) => paper.moveDown(0.8).font('Helvetica-Bold').fontSize(12).text(latin(text));
  const line = (text: string) => paper.font('Helvetica').fontSize(9.5).text(latin(text), { lineGap: 2 });
  const list = (title: string, rows: readonly string[]) => {
    heading(title);
    for (const row of rows.length > 0 ? rows : ['None.']) line(row);
  };

  paper
    .font('Helvetica-Bold')
    .fontSize(18)
    .text(latin(`Order ${evidence.order}`));
  line(`Written ${instant(evidence.writtenAt)}. Times are in UTC; legal days end in ${evidence.zone}.`);
  line(`Placed ${instant(evidence.placedAt)}, recorded ${instant(evidence.recordedAt)}.`);
  line(
    `${evidence.customer.name} <${evidence.customer.email ?? 'no address'}>, to ${evidence.shipTo.country}${evidence.shipTo.region === null ? '' : `, ${evidence.shipTo.region}`}. Law: ${evidence.regimes.join(', ')}.`,
  );
  list(
    'What was ordered, and stated before',
    evidence.lines.map(
      (one) =>
        `${one.line}: ${one.ordered} × ${one.title} (${one.sku}); shipped ${one.shipped}, cancelled ${one.cancelled}; stated: ship by ${one.statedShipBy ?? '–'}, deliver by ${one.statedDeliverBy ?? '–'}`,
    ),
  );
  list(
    'What was promised',
    evidence.promises.map(
      (one) =>
        `${instant(one.madeAt)}  line ${one.line}, version ${one.version} (${one.change}): ${one.quantity} by ${one.shipBy ?? 'no day'}, delivered by ${one.deliverBy ?? 'no day'}`,
    ),
  );
  list(
    'What was answered',
    evidence.answers.map(
      (one) =>
        `${instant(one.at)}  line ${one.line}: ${one.choice}${one.until === null ? '' : ` until ${one.until}`}${one.sku === null ? '' : ` to ${one.sku}`}, written down by ${one.actor}${one.reason === null ? '' : ` (${one.reason})`}`,
    ),
  );
  list(
    'What was sent and cancelled',
    [
      ...evidence.shipments.map((one) => ({
        at: one.at,
        text: `line ${one.line}: ${one.quantity} shipped ${[one.carrier, one.tracking].filter(Boolean).join(' ')}`,
      })),
      ...evidence.cancellations.map((one) => ({
        at: one.at,
        text: `line ${one.line}: ${one.quantity} cancelled by ${one.by} (${one.reason})`,
      })),
    ]
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at, text }) => `${instant(at)}  ${text}`),
  );
  list('Money', [
    ...evidence.payments.map(
      (one) =>
        `${instant(one.at)}  ${one.kind} ${one.amount.amount} ${one.amount.currency} (minor units), ${one.id}${one.disputeUntil === null ? '' : `; may be disputed until ${one.disputeUntil}`}`,
    ),
    ...evidence.refunds.map(
      (one) =>
        `Owed since ${one.aroseOn}: ${one.amount.amount} ${one.amount.currency} (minor units) by ${one.dueOn}: ${one.rule} (${one.source}); ${one.doneAt === null ? 'open' : `done ${instant(one.doneAt)}`}`,
    ),
  ]);
  list(
    'What the rules ask now',
    evidence.duties.flatMap((duty) => [
      `Line ${duty.line}: ${duty.state}; original day ${duty.original ?? '–'}, day that binds ${duty.deadline ?? '–'}`,
      ...duty.missed.map((one) => `  Missed on ${one.on}: ${one.row} (${one.source})`),
      ...duty.rows.map((one) => `  ${one.state}: ${one.must}. ${one.source}`),
    ]),
  );
  heading('Messages, word for word');
  for (const one of evidence.messages) {
    paper.moveDown(0.5);
    line(
      `${one.kind}, ${one.state}; written ${instant(one.writtenAt)}, ${one.sentAt === null ? 'not sent' : `sent ${instant(one.sentAt)} to ${one.to ?? '–'} (${one.sentBy ?? ''})`}; template version ${one.templateVersion ?? '–'}`,
    );
    if (one.subject !== null) paper.font('Helvetica-Bold').fontSize(9.5).text(latin(one.subject));
    if (one.text !== null) paper.font('Helvetica').fontSize(9).text(latin(one.text), { indent: 12 });
  }
  paper.end();
  return paper;
}

const instant = (text: string) => text.slice(0, 16).replace('T', ' ');

/** The built-in fonts know Windows' Latin letters; what they do not know is shown as a question mark, not left out. */
function latin(text: string): string {
  return text.replaceAll(
    /[^\n\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c-\u201e\u20ac\u2026]/g,
    '?',
  );
}
