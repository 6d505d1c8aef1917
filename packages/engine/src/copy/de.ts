import type { Catalogue } from './messages.ts';

export const de: Catalogue = {
  states: {
    in_stock: {
      here: { headline: 'Vorrätig', text: 'Versand bis {day}.', button: 'In den Warenkorb' },
    },
    backorder: {
      dated: {
        headline: 'Bald wieder da',
        text: 'Zurzeit ausverkauft, Nachschub ist unterwegs. Jetzt bestellen, wir versenden bis {day}.',
        button: 'Jetzt bestellen, Versand später',
      },
      mixed: {
        headline: 'Ein Teil jetzt, der Rest bald',
        text: 'Nicht alles ist bei uns: {parts}.',
        button: 'Jetzt bestellen',
      },
      short: {
        headline: 'So viele nicht',
        text: 'Von {quantity} können wir zusagen: {parts}.',
        button: 'Weniger wählen',
      },
    },
    preorder: {
      dated: {
        headline: 'Vorbestellen',
        text: 'Neu und noch nicht erschienen. Jetzt vorbestellen, Versand bis {day}.',
        button: 'Vorbestellen',
      },
      parts: {
        headline: 'Vorbestellen',
        text: 'Neu und noch nicht erschienen. Versand in Teilen: {parts}.',
        button: 'Vorbestellen',
      },
      short: {
        headline: 'Vorbestellen, aber weniger',
        text: 'Neu und noch nicht erschienen. Von {quantity} können wir zusagen: {parts}.',
        button: 'Weniger wählen',
      },
    },
    made_to_order: {
      dated: {
        headline: 'Für dich gefertigt',
        text: 'Wir fertigen es, wenn du bestellst. Versand bis {day}.',
        button: 'Fertigen lassen',
      },
      mixed: {
        headline: 'Ein Teil ist da, der Rest wird gefertigt',
        text: 'Was nicht hier ist, fertigen wir für dich: {parts}.',
        button: 'Fertigen lassen',
      },
      short: {
        headline: 'So viele schaffen wir nicht rechtzeitig',
        text: 'Von {quantity} können wir fertigen und versenden: {parts}.',
        button: 'Weniger wählen',
      },
    },
    drop: {
      waitlist: {
        headline: 'Limitierte Auflage',
        text: 'Es gibt nur wenige. Trag dich ein, wir schreiben dir, wenn du an der Reihe bist.',
        button: 'Auf die Warteliste',
      },
      dated: {
        headline: 'Limitierte Auflage',
        text: 'Aus einer limitierten Auflage. Versand bis {day}.',
        button: 'Sichern',
      },
      mixed: {
        headline: 'Limitierte Auflage',
        text: 'Aus einer limitierten Auflage: {parts}.',
        button: 'Sichern',
      },
      short: {
        headline: 'Limitierte Auflage, nur noch wenige',
        text: 'Von {quantity} haben wir: {parts}.',
        button: 'Weniger wählen',
      },
    },
    demand_validation: {
      dated: {
        headline: 'Gemeinsam möglich machen',
        text: 'Wir lassen es fertigen, wenn bis {until} {goal} bestellt sind. Dann Versand bis {day}; sonst bekommst du dein ganzes Geld zurück.',
        button: 'Ich möchte eins',
      },
      mixed: {
        headline: 'Gemeinsam mehr möglich machen',
        text: 'Wir lassen mehr fertigen, wenn bis {until} {goal} bestellt sind: {parts}. Sonst bekommst du das Geld dafür zurück.',
        button: 'Ich möchte sie',
      },
      short: {
        headline: 'Gemeinsam möglich machen',
        text: 'Wir lassen es fertigen, wenn bis {until} {goal} bestellt sind. Von {quantity} können wir annehmen: {parts}.',
        button: 'Weniger wählen',
      },
    },
    out_of_stock: {
      gone: {
        headline: 'Ausverkauft',
        text: 'Einen Termin können wir dir nicht zusagen.',
        button: 'Benachrichtigen, wenn es wieder da ist',
      },
      few: {
        headline: 'Nur noch {now} da',
        text: 'Du möchtest {quantity}. Für mehr haben wir keinen Termin.',
        button: 'Weniger wählen',
      },
      not_yet: {
        headline: 'Noch nicht im Verkauf',
        text: 'Wir sagen Bescheid, sobald es bestellt werden kann.',
        button: 'Benachrichtigen, wenn es erscheint',
      },
    },
    discontinued: {
      gone: {
        headline: 'Wird nicht mehr hergestellt',
        text: 'Dieses Modell kommt nicht wieder.',
        button: 'Ähnliches ansehen',
      },
      few: {
        headline: 'Die letzten {now}',
        text: 'Du möchtest {quantity}. Es wird nicht mehr hergestellt, das sind die letzten.',
        button: 'Weniger wählen',
      },
    },
  },
  charge: {
    at_order: 'Du zahlst {total} bei der Bestellung.',
    deposit: 'Du zahlst {now} bei der Bestellung und {balance} beim Versand.',
    authorise: '{total} werden bei der Bestellung auf deiner Karte reserviert und beim Versand abgebucht.',
    authorise_part:
      'Du zahlst {now} bei der Bestellung; {rest} werden auf deiner Karte reserviert und beim Versand abgebucht.',
    at_shipment: 'Du zahlst {total} beim Versand und vorher nichts.',
    invoice: 'Du bekommst beim Versand eine Rechnung über {total}, zahlbar innerhalb von {days}.',
    nothing: 'Es wird nichts berechnet.',
  },
  parts: { now: '{quantity} sofort', later: '{quantity} bis {day}', charge: 'Für {quantity}: {charge}' },
  ways: { apart: 'Jedes senden, sobald es geht', together: 'Alles zusammen bis {day} senden' },
  days: { one: '1 Tag', other: '{count} Tagen' },
  page: {
    quantity: 'Menge',
    alternatives: 'Vielleicht stattdessen',
    email: 'Deine E-Mail-Adresse',
    joined: 'Du stehst auf der Liste. Wir haben dir dazu eine E-Mail geschickt.',
    subscribed: 'Bitte bestätige unsere E-Mail. Dann sagen wir Bescheid, sobald es wieder da ist.',
  },
};
