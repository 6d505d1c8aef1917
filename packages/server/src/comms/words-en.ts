import type { LetterFacts } from './letter-facts.ts';
import { spellMoney } from './spelling.ts';
import type { Words } from './wording.ts';

const undated = (facts: LetterFacts) => facts.lines.some((line) => line.parts.length === 0);

export const english: Words = {
  someone: 'there',
  noDate: 'We have no date yet',
  updateWillCome: 'We will write again before then, even if nothing has changed.',
  stillToCome: 'Still to come:',
  somethingOff: 'Is something not right? Reply to this mail and we will fix it.',
  why: {
    production: 'Making it took longer than planned.',
    materials: 'Some materials came late.',
    freight: 'The transport to us was held up.',
    customs: 'Customs is holding our delivery.',
    moq: 'Our supplier had to wait for a larger order.',
    quality: 'The goods did not pass our checks, so we will not send them.',
    late: 'Our delivery is late.',
    cancelled: 'The delivery we were waiting for was cancelled.',
    short: 'Our delivery came with fewer items than we had ordered.',
    counted: 'We counted our stock and found fewer than we thought.',
    checking: 'We are checking the items before we send them.',
    early: 'Our delivery comes earlier than we thought.',
  },
  button: {
    wait: 'I will wait',
    change: 'Choose something else',
    cancel: 'Cancel for a full refund',
    see: 'See your order',
  },
  hello: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  subject(facts) {
    const { order } = facts;
    switch (facts.kind) {
      case 'confirmation':
        return `Your order ${order}: what comes when`;
      case 'update':
        return `Your order ${order}: where it stands`;
      case 'improved':
        return `Good news about your order ${order}`;
      case 'delay_notice':
        return undated(facts)
          ? `Your order ${order} is late: please choose`
          : `Your order ${order} has a new date: please choose`;
      case 'renewed_delay_notice':
        return `Your order ${order} is late again: please choose`;
      case 'shipped':
        return `Your order ${order} is on its way`;
      case 'cancelled':
        return `Your order ${order}: cancelled`;
      case 'refunded':
        return `Your order ${order}: your money is on its way back`;
    }
  },
  opening(facts) {
    switch (facts.kind) {
      case 'confirmation':
        return 'Thank you for your order. Part of it is not in stock yet. We keep your place, and this is when it leaves us.';
      case 'update':
        return 'You are waiting for something from us. This is where it stands.';
      case 'improved':
        return 'Your order comes sooner than we said.';
      case 'delay_notice':
        return undated(facts)
          ? 'We are sorry. We cannot send your order on the day we told you.'
          : 'We are sorry. Your order will leave us later than we told you.';
      case 'renewed_delay_notice':
        return 'We are sorry. We will not keep the new date we told you.';
      case 'shipped':
        return facts.rest.length > 0
          ? 'Thank you for waiting. A part of your order has left us.'
          : 'Thank you for waiting. Your order has left us.';
      case 'cancelled':
        return 'These items are cancelled:';
      case 'refunded':
        return facts.refund?.amount
          ? `We have sent ${spellMoney(facts.refund.amount, 'en')} back to you, the way you paid.`
          : 'We have sent your money back, the way you paid.';
    }
  },
  closing: ({ brand }) => `Your team at ${brand}`,
  contact: (contact) => `Questions? Write to ${contact}.`,
  leavesBy: (day) => `Leaves us by ${day}`,
  partLeavesBy: (quantity, day) => `${quantity} by ${day}`,
  insteadOf: (dated, before) => `${dated}, not ${before}`,
  restUndated: (quantity) => `No date yet for ${quantity}`,
  chargeNow(charged, authorised) {
    if (charged !== null)
      return `We have taken ${spellMoney(charged, 'en')}. We take nothing more when it ships.`;
    return authorised
      ? 'We have taken nothing yet. You pay when it ships.'
      : 'You pay as you chose at checkout. A delay never costs you more.';
  },
  chargeStated: (stated, charged) =>
    [
      `As we said before you ordered: ${stated.join(' ')}`,
      ...(charged === null ? [] : [`So far we have taken ${spellMoney(charged, 'en')}.`]),
    ].join(' '),
  parcel: ({ carrier, tracking }) =>
    [
      carrier === null ? null : `It travels with ${carrier}.`,
      tracking === null ? null : `Tracking number: ${tracking}.`,
    ]
      .filter((part) => part !== null)
      .join(' '),
  timeline: {
    ordered: 'You ordered.',
    promised: (day) => `We promised that it leaves us by ${day}.`,
    moved: (day) => `The date moved to ${day}.`,
    sooner: (day) => `It comes sooner: by ${day}.`,
    undated: 'We lost the date, and have no new one yet.',
    waited: 'You said that you will wait.',
    switched: 'You chose something else.',
    shipped: (units, tracking) =>
      `${units === 1 ? 'One item' : `${units} items`} left us${tracking === null ? '' : ` (${tracking})`}.`,
    cancelled: (units) => `${units === 1 ? 'One item was' : `${units} items were`} cancelled.`,
    told: (subject) => `We wrote to you: “${subject}”.`,
    paidBack: (amount) => `We paid ${amount} back.`,
  },
  legal: {
    choice:
      'You can wait, choose something else, or cancel and get all your money back. To answer costs you nothing: use a button below, or reply to this mail.',
    noDate: 'We cannot give you a new date yet.',
    cancelAnyTime: 'You can cancel at any time before it ships.',
    silenceNothing:
      'The new date only counts if you say yes. If you say nothing, the old date stands, and you keep all your rights.',
    refundHow: 'If you cancel, we pay back all of it, the same way you paid.',
    howToCancel: 'You can cancel at any time before it ships: use the button below, or reply to this mail.',
    withdrawal: 'You can also send it back: you have 14 days after it arrives, and you need no reason.',
    neverCharged: 'Your card was never charged, and it will not be.',
    silenceConsents: (day) => `If we do not hear from you, that means you agree to wait until ${day}.`,
    silenceCancels: (day) =>
      `If we do not hear from you by ${day} and it has not shipped by then, your order is cancelled and you get all your money back.`,
    cancelledBy(by) {
      if (by === 'customer') return 'You asked us to cancel, and it is done.';
      if (by === 'law')
        return 'We did not hear from you by the day we named. So we cancelled, as we wrote to you.';
      if (by === 'too_few')
        return 'Too few of it were ordered by the last day, so it is not made. You owe nothing, and get back all that you paid for it.';
      return 'We had to cancel. We are sorry.';
    },
    refundWhen: (amount, day) =>
      amount === null
        ? `What you paid for it goes back to you by ${day}, the same way you paid.`
        : `We pay back ${spellMoney(amount, 'en')} by ${day}, the same way you paid.`,
  },
};
