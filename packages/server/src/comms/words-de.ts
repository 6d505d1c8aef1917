import type { LetterFacts } from './letter-facts.ts';
import { spellMoney } from './spelling.ts';
import type { Words } from './wording.ts';

const undated = (facts: LetterFacts) => facts.lines.some((line) => line.parts.length === 0);

export const german: Words = {
  someone: 'zusammen',
  noDate: 'Wir haben noch keinen Termin',
  updateWillCome: 'Wir schreiben dir vorher noch einmal, auch wenn sich nichts ändert.',
  stillToCome: 'Das kommt noch:',
  somethingOff: 'Stimmt etwas nicht? Antworte auf diese Mail, und wir bringen es in Ordnung.',
  why: {
    production: 'Die Herstellung hat länger gedauert als geplant.',
    materials: 'Material kam zu spät.',
    freight: 'Der Transport zu uns wurde aufgehalten.',
    customs: 'Der Zoll hält unsere Lieferung fest.',
    moq: 'Unser Lieferant musste auf eine größere Bestellung warten.',
    quality: 'Die Ware hat unsere Prüfung nicht bestanden, darum schicken wir sie nicht.',
    late: 'Unsere Lieferung ist zu spät.',
    cancelled: 'Die Lieferung, auf die wir warteten, wurde abgesagt.',
    short: 'In unserer Lieferung war weniger, als wir bestellt hatten.',
    counted: 'Wir haben nachgezählt und weniger gefunden als gedacht.',
    checking: 'Wir prüfen die Ware, bevor wir sie schicken.',
    early: 'Unsere Lieferung kommt früher als gedacht.',
  },
  button: {
    wait: 'Ich warte',
    change: 'Etwas anderes wählen',
    cancel: 'Stornieren, Geld zurück',
    see: 'Deine Bestellung ansehen',
  },
  hello: (name) => (name === '' ? 'Hallo,' : `Hallo ${name},`),
  subject(facts) {
    const { order } = facts;
    switch (facts.kind) {
      case 'confirmation':
        return `Deine Bestellung ${order}: was wann kommt`;
      case 'update':
        return `Deine Bestellung ${order}: so steht es`;
      case 'improved':
        return `Gute Nachricht zu deiner Bestellung ${order}`;
      case 'delay_notice':
        return undated(facts)
          ? `Deine Bestellung ${order} kommt später: bitte wähle`
          : `Deine Bestellung ${order} hat einen neuen Termin: bitte wähle`;
      case 'renewed_delay_notice':
        return `Deine Bestellung ${order} kommt noch später: bitte wähle`;
      case 'shipped':
        return `Deine Bestellung ${order} ist unterwegs`;
      case 'cancelled':
        return `Deine Bestellung ${order}: storniert`;
      case 'refunded':
        return `Deine Bestellung ${order}: dein Geld kommt zurück`;
    }
  },
  opening(facts) {
    switch (facts.kind) {
      case 'confirmation':
        return 'Danke für deine Bestellung. Ein Teil davon ist noch nicht da. Dein Platz ist sicher, und dann geht es los:';
      case 'update':
        return 'Du wartest auf etwas von uns. So steht es.';
      case 'improved':
        return 'Deine Bestellung kommt früher, als wir gesagt haben.';
      case 'delay_notice':
        return undated(facts)
          ? 'Es tut uns leid. Wir können den Termin nicht halten, den wir dir genannt haben.'
          : 'Es tut uns leid. Deine Bestellung geht später los, als wir dir gesagt haben.';
      case 'renewed_delay_notice':
        return 'Es tut uns leid. Wir können auch den neuen Termin nicht halten.';
      case 'shipped':
        return facts.rest.length > 0
          ? 'Danke, dass du gewartet hast. Ein Teil deiner Bestellung ist unterwegs.'
          : 'Danke, dass du gewartet hast. Deine Bestellung ist unterwegs.';
      case 'cancelled':
        return 'Das ist storniert:';
      case 'refunded':
        return facts.refund?.amount
          ? `Wir haben dir ${spellMoney(facts.refund.amount, 'de')} zurückgezahlt, auf dem Weg, auf dem du bezahlt hast.`
          : 'Wir haben dir dein Geld zurückgezahlt, auf dem Weg, auf dem du bezahlt hast.';
    }
  },
  closing: ({ brand }) => `Dein Team von ${brand}`,
  contact: (contact) => `Fragen? Schreib an ${contact}.`,
  leavesBy: (day) => `Geht bis ${day} los`,
  partLeavesBy: (quantity, day) => `${quantity} bis ${day}`,
  insteadOf: (dated, before) => `${dated}, nicht ${before}`,
  restUndated: (quantity) => `Für ${quantity} noch kein Termin`,
  chargeNow(charged, authorised) {
    if (charged !== null)
      return `Wir haben ${spellMoney(charged, 'de')} abgebucht. Beim Versand kommt nichts dazu.`;
    return authorised
      ? 'Wir haben noch nichts abgebucht. Du zahlst beim Versand.'
      : 'Du zahlst so, wie du es an der Kasse gewählt hast. Das Warten kostet dich nichts.';
  },
  chargeStated: (stated, charged) =>
    [
      `Wie vor deiner Bestellung gesagt: ${stated.join(' ')}`,
      ...(charged === null ? [] : [`Bisher haben wir ${spellMoney(charged, 'de')} eingezogen.`]),
    ].join(' '),
  parcel: ({ carrier, tracking }) =>
    [
      carrier === null ? null : `Es kommt mit ${carrier}.`,
      tracking === null ? null : `Sendungsnummer: ${tracking}.`,
    ]
      .filter((part) => part !== null)
      .join(' '),
  timeline: {
    ordered: 'Du hast bestellt.',
    promised: (day) => `Wir haben versprochen: Es geht bis ${day} los.`,
    moved: (day) => `Der Termin ist jetzt ${day}.`,
    sooner: (day) => `Es kommt früher: bis ${day}.`,
    undated: 'Der Termin ist weggefallen. Einen neuen haben wir noch nicht.',
    waited: 'Du hast gesagt, dass du wartest.',
    switched: 'Du hast etwas anderes gewählt.',
    shipped: (units, tracking) =>
      `${units === 1 ? 'Ein Artikel ist' : `${units} Artikel sind`} unterwegs${tracking === null ? '' : ` (${tracking})`}.`,
    cancelled: (units) => `${units === 1 ? 'Ein Artikel wurde' : `${units} Artikel wurden`} storniert.`,
    told: (subject) => `Wir haben dir geschrieben: „${subject}“.`,
    paidBack: (amount) => `Wir haben ${amount} zurückgezahlt.`,
  },
  legal: {
    choice:
      'Du kannst warten, etwas anderes wählen oder stornieren und dein ganzes Geld zurückbekommen. Die Antwort kostet dich nichts: Nimm einen Knopf unten, oder antworte auf diese Mail.',
    noDate: 'Wir können dir noch keinen neuen Termin nennen.',
    cancelAnyTime: 'Bis zum Versand kannst du jederzeit stornieren.',
    silenceNothing:
      'Der neue Termin gilt nur, wenn du zustimmst. Sagst du nichts, bleibt es beim alten Termin, und du behältst alle deine Rechte.',
    refundHow: 'Wenn du stornierst, zahlen wir alles zurück, auf dem Weg, auf dem du bezahlt hast.',
    howToCancel:
      'Bis zum Versand kannst du jederzeit stornieren: Nimm den Knopf unten, oder antworte auf diese Mail.',
    withdrawal: 'Du kannst es auch zurückgeben: 14 Tage lang, nachdem es bei dir ist, und ohne Grund.',
    neverCharged: 'Deine Karte wurde nie belastet, und dabei bleibt es.',
    silenceConsents: (day) => `Wenn wir nichts von dir hören, heißt das: Du wartest bis ${day}.`,
    silenceCancels: (day) =>
      `Wenn wir bis ${day} nichts von dir hören und bis dahin nichts unterwegs ist, wird storniert, und du bekommst dein ganzes Geld zurück.`,
    cancelledBy(by) {
      if (by === 'customer') return 'Du hast uns gebeten zu stornieren. Das ist erledigt.';
      if (by === 'law')
        return 'Wir haben bis zum genannten Tag nichts von dir gehört. Darum haben wir storniert, wie wir es geschrieben hatten.';
      if (by === 'too_few')
        return 'Bis zum letzten Tag wurden zu wenige davon bestellt, darum wird es nicht gefertigt. Du schuldest nichts und bekommst alles zurück, was du dafür bezahlt hast.';
      return 'Wir mussten stornieren. Es tut uns leid.';
    },
    refundWhen: (amount, day) =>
      amount === null
        ? `Was du dafür bezahlt hast, bekommst du bis ${day} zurück, auf dem Weg, auf dem du bezahlt hast.`
        : `Wir zahlen ${spellMoney(amount, 'de')} bis ${day} zurück, auf dem Weg, auf dem du bezahlt hast.`,
  },
};
