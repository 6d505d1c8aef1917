import type { PurchaseOrderStage } from '@kept/contract';
import type { z } from 'zod';
import { type Problem, problem } from './problem.ts';

type Stage = z.output<typeof PurchaseOrderStage>;

/**
 * What ERPs call the states of a purchase order, in English and German. "Received" and "closed" are told by the
 * received quantity: the order itself stays confirmed, so that what is still open is judged by its units.
 */
const WORDS: Record<Stage, readonly string[]> = {
  draft: [
    'draft',
    'rfq',
    'rfq sent',
    'request for quotation',
    'quotation',
    'planned',
    'to approve',
    'pending approval',
    'pending supervisor approval',
    'waiting approval',
    'open request',
    'proposal',
    'entwurf',
    'anfrage',
    'angebot',
    'geplant',
    'vorschlag',
    'in genehmigung',
  ],
  placed: [
    'placed',
    'sent',
    'ordered',
    'issued',
    'open',
    'submitted',
    'new',
    'pending receipt',
    'to receive',
    'to receive and bill',
    'pending bill',
    'bestellt',
    'offen',
    'gesendet',
    'versendet an lieferant',
    'beauftragt',
  ],
  confirmed: [
    'confirmed',
    'purchase order',
    'purchase',
    'acknowledged',
    'accepted',
    'approved',
    'locked',
    'done',
    'completed',
    'closed',
    'fully billed',
    'to bill',
    'received',
    'fully received',
    'partially received',
    'partially received/pending receipt',
    'pending billing/partially received',
    'bestätigt',
    'auftragsbestätigung',
    'ab erhalten',
    'freigegeben',
    'genehmigt',
    'geliefert',
    'teilgeliefert',
    'teilweise geliefert',
    'erledigt',
    'abgeschlossen',
  ],
  in_production: [
    'in production',
    'production',
    'manufacturing',
    'work in progress',
    'wip',
    'in produktion',
    'in fertigung',
    'produktion',
  ],
  in_transit: [
    'in transit',
    'shipped',
    'dispatched',
    'on the way',
    'on water',
    'in shipment',
    'shipping',
    'departed',
    'unterwegs',
    'versandt',
    'versendet',
    'im transit',
    'in zulieferung',
    'verschifft',
  ],
  arrived: [
    'arrived',
    'at port',
    'at warehouse',
    'delivered to warehouse',
    'in receiving',
    'customs',
    'eingetroffen',
    'angekommen',
    'im wareneingang',
  ],
  cancelled: [
    'cancelled',
    'canceled',
    'cancel',
    'void',
    'voided',
    'rejected',
    'storniert',
    'abgebrochen',
    'abgelehnt',
    'annulliert',
  ],
};
const STAGES = new Map<string, Stage>();
for (const [stage, words] of Object.entries(WORDS) as [Stage, readonly string[]][])
  for (const word of [...words, stage, stage.replace('_', ' ')]) STAGES.set(word, stage);

/** The stage that a status word means; `placed` for a blank, since a row without a status is still an order. */
export function readStage(text: string): Stage | Problem {
  if (text === '') return 'placed';
  return (
    STAGES.get(
      text
        .toLowerCase()
        .replace(/[\s_-]+/g, ' ')
        .trim(),
    ) ??
    problem(
      'is not a stage that is known',
      'draft, placed, confirmed, in_production, in_transit, arrived or cancelled',
    )
  );
}
