import type { Catalogue } from './messages.ts';

export const fr: Catalogue = {
  states: {
    in_stock: {
      here: { headline: 'En stock', text: 'Expédié au plus tard le {day}.', button: 'Ajouter au panier' },
    },
    backorder: {
      dated: {
        headline: 'Bientôt de retour',
        text: 'Épuisé pour l’instant, le réassort est en route. Commandez maintenant, expédition au plus tard le {day}.',
        button: 'Commander, expédié plus tard',
      },
      mixed: {
        headline: 'Une partie tout de suite, le reste bientôt',
        text: 'Nous n’avons pas tout ici : {parts}.',
        button: 'Commander',
      },
      short: {
        headline: 'Pas autant',
        text: 'Sur {quantity}, nous pouvons promettre {parts}.',
        button: 'En choisir moins',
      },
    },
    preorder: {
      dated: {
        headline: 'Précommande',
        text: 'Nouveau et pas encore sorti. Précommandez maintenant, expédition au plus tard le {day}.',
        button: 'Précommander',
      },
      parts: {
        headline: 'Précommande',
        text: 'Nouveau et pas encore sorti. Expédié en plusieurs fois : {parts}.',
        button: 'Précommander',
      },
      short: {
        headline: 'Précommande, mais moins',
        text: 'Nouveau et pas encore sorti. Sur {quantity}, nous pouvons promettre {parts}.',
        button: 'En choisir moins',
      },
    },
    made_to_order: {
      dated: {
        headline: 'Fabriqué à la commande',
        text: 'Nous le fabriquons quand vous le commandez. Expédition au plus tard le {day}.',
        button: 'Le faire fabriquer',
      },
      mixed: {
        headline: 'Une partie ici, le reste fabriqué pour vous',
        text: 'Nous fabriquons ce qui n’est pas ici : {parts}.',
        button: 'Les faire fabriquer',
      },
      short: {
        headline: 'Nous ne pouvons pas en fabriquer autant à temps',
        text: 'Sur {quantity}, nous pouvons fabriquer et expédier {parts}.',
        button: 'En choisir moins',
      },
    },
    drop: {
      waitlist: {
        headline: 'Édition limitée',
        text: 'Il y en a peu. Inscrivez-vous, nous vous écrivons quand c’est votre tour.',
        button: 'Rejoindre la liste d’attente',
      },
      dated: {
        headline: 'Édition limitée',
        text: 'D’une édition limitée. Expédition au plus tard le {day}.',
        button: 'Prendre le mien',
      },
      mixed: {
        headline: 'Édition limitée',
        text: 'D’une édition limitée : {parts}.',
        button: 'Prendre les miens',
      },
      short: {
        headline: 'Édition limitée, derniers exemplaires',
        text: 'Sur {quantity}, nous avons {parts}.',
        button: 'En choisir moins',
      },
    },
    demand_validation: {
      dated: {
        headline: 'Aidez-nous à le fabriquer',
        text: 'Nous le fabriquons si {goal} sont commandés d’ici au {until}. Expédition alors au plus tard le {day} ; sinon, vous êtes intégralement remboursé.',
        button: 'J’en veux un',
      },
      mixed: {
        headline: 'Aidez-nous à en fabriquer plus',
        text: 'Nous en fabriquons d’autres si {goal} sont commandés d’ici au {until} : {parts}. Sinon, vous en êtes remboursé.',
        button: 'Je les veux',
      },
      short: {
        headline: 'Aidez-nous à le fabriquer',
        text: 'Nous le fabriquons si {goal} sont commandés d’ici au {until}. Sur {quantity}, nous pouvons prendre {parts}.',
        button: 'En choisir moins',
      },
    },
    out_of_stock: {
      gone: {
        headline: 'Épuisé',
        text: 'Nous n’avons pas de date à vous promettre.',
        button: 'Me prévenir de son retour',
      },
      few: {
        headline: 'Plus que {now}',
        text: 'Vous en voulez {quantity}. Nous n’avons pas de date pour les autres.',
        button: 'En choisir moins',
      },
      not_yet: {
        headline: 'Pas encore en vente',
        text: 'Nous vous dirons quand il pourra être commandé.',
        button: 'Me prévenir de sa sortie',
      },
    },
    discontinued: {
      gone: {
        headline: 'N’est plus fabriqué',
        text: 'Ce modèle ne reviendra pas.',
        button: 'Voir ce qui lui ressemble',
      },
      few: {
        headline: 'Les {now} derniers',
        text: 'Vous en voulez {quantity}. Il n’est plus fabriqué, ce sont les derniers.',
        button: 'En choisir moins',
      },
    },
  },
  charge: {
    at_order: 'Vous payez {total} à la commande.',
    deposit: 'Vous payez {now} à la commande et {balance} à l’expédition.',
    authorise: '{total} sont réservés sur votre carte à la commande et débités à l’expédition.',
    authorise_part:
      'Vous payez {now} à la commande ; {rest} sont réservés sur votre carte et débités à l’expédition.',
    at_shipment: 'Vous payez {total} à l’expédition et rien avant.',
    invoice: 'Vous recevez une facture de {total} à l’expédition, à régler sous {days}.',
    nothing: 'Rien n’est facturé.',
  },
  parts: {
    now: '{quantity} tout de suite',
    later: '{quantity} au plus tard le {day}',
    charge: 'Pour {quantity} : {charge}',
  },
  ways: { apart: 'Envoyer chacun dès que possible', together: 'Tout envoyer ensemble au plus tard le {day}' },
  days: { one: '1 jour', other: '{count} jours' },
  page: {
    quantity: 'Quantité',
    alternatives: 'Vous aimerez peut-être',
    email: 'Votre e-mail',
    joined: 'Vous êtes sur la liste. Nous vous avons envoyé un e-mail à ce sujet.',
    subscribed:
      'Confirmez l’e-mail que nous vous avons envoyé. Nous vous préviendrons ensuite de son retour.',
  },
};
