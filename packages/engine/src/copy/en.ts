import type { Catalogue } from './messages.ts';

export const en: Catalogue = {
  states: {
    in_stock: {
      here: { headline: 'In stock', text: 'Ships by {day}.', button: 'Add to basket' },
    },
    backorder: {
      dated: {
        headline: 'Back soon',
        text: 'Sold out for the moment, and more is on its way to us. Order now and we ship it by {day}.',
        button: 'Order now, ships later',
      },
      mixed: {
        headline: 'Part now, part soon',
        text: 'We do not have all of it here: {parts}.',
        button: 'Order now',
      },
      short: {
        headline: 'Not as many as that',
        text: 'Of {quantity} we can promise {parts}.',
        button: 'Choose fewer',
      },
    },
    preorder: {
      dated: {
        headline: 'Pre-order',
        text: 'New, and not out yet. Pre-order now and it ships by {day}.',
        button: 'Pre-order',
      },
      parts: {
        headline: 'Pre-order',
        text: 'New, and not out yet. It ships in parts: {parts}.',
        button: 'Pre-order',
      },
      short: {
        headline: 'Pre-order, fewer of them',
        text: 'New, and not out yet. Of {quantity} we can promise {parts}.',
        button: 'Choose fewer',
      },
    },
    made_to_order: {
      dated: {
        headline: 'Made to order',
        text: 'We make it when you order it. It ships by {day}.',
        button: 'Have it made',
      },
      mixed: {
        headline: 'Part here, part made for you',
        text: 'We make what is not here when you order it: {parts}.',
        button: 'Have it made',
      },
      short: {
        headline: 'We cannot make that many in time',
        text: 'Of {quantity} we can make and ship {parts}.',
        button: 'Choose fewer',
      },
    },
    drop: {
      waitlist: {
        headline: 'Limited release',
        text: 'There are only a few. Join the waitlist, and we write to you when it is your turn to buy.',
        button: 'Join the waitlist',
      },
      dated: {
        headline: 'Limited release',
        text: 'One of a limited release. It ships by {day}.',
        button: 'Get yours',
      },
      mixed: {
        headline: 'Limited release',
        text: 'Of a limited release: {parts}.',
        button: 'Get yours',
      },
      short: {
        headline: 'Limited release, few left',
        text: 'Of {quantity} we have {parts}.',
        button: 'Choose fewer',
      },
    },
    demand_validation: {
      dated: {
        headline: 'Help us make it',
        text: 'We make it if {goal} are ordered by {until}. Then it ships by {day}; if not, you get all your money back.',
        button: 'I want one made',
      },
      mixed: {
        headline: 'Help us make more',
        text: 'We make more if {goal} are ordered by {until}: {parts}. If not, you get your money for those back.',
        button: 'I want them made',
      },
      short: {
        headline: 'Help us make it',
        text: 'We make it if {goal} are ordered by {until}. Of {quantity} we can take orders for {parts}.',
        button: 'Choose fewer',
      },
    },
    out_of_stock: {
      gone: {
        headline: 'Sold out',
        text: 'We have no date that we could promise you.',
        button: 'Tell me when it is back',
      },
      few: {
        headline: 'Only {now} left',
        text: 'You asked for {quantity}. We have no date for more.',
        button: 'Choose fewer',
      },
      not_yet: {
        headline: 'Not on sale yet',
        text: 'We will say when it can be ordered.',
        button: 'Tell me when it is out',
      },
    },
    discontinued: {
      gone: {
        headline: 'No longer made',
        text: 'This one will not come back.',
        button: 'See what is like it',
      },
      few: {
        headline: 'The last {now}',
        text: 'You asked for {quantity}. It is no longer made, so these are the last.',
        button: 'Choose fewer',
      },
    },
  },
  charge: {
    at_order: 'You pay {total} when you order.',
    deposit: 'You pay {now} when you order, and {balance} when it ships.',
    authorise: '{total} is set aside on your card when you order, and taken when it ships.',
    authorise_part:
      'You pay {now} when you order; {rest} is set aside on your card, and taken when it ships.',
    at_shipment: 'You pay {total} when it ships, and nothing before.',
    invoice: 'You get an invoice over {total} when it ships, payable within {days}.',
    nothing: 'Nothing is charged.',
  },
  parts: { now: '{quantity} now', later: '{quantity} by {day}', charge: 'For {quantity}: {charge}' },
  ways: { apart: 'Send each as soon as it can go', together: 'Send everything together by {day}' },
  days: { one: '1 day', other: '{count} days' },
  page: {
    quantity: 'Quantity',
    alternatives: 'You may like instead',
    email: 'Your email',
    joined: 'You are on the list. We sent you an email about it.',
    subscribed: 'We sent you an email to confirm it. Then we tell you when it is back.',
  },
};
