import type { NoticeKind } from '@kept/contract';
import { LANGUAGES, type Language } from '@kept/engine';
import type { z } from 'zod';

export type NoticeName = z.output<typeof NoticeKind>;

/** A notice in one language. {title}, {units}, {until}, {instead} and {brand} are filled in. */
interface NoticeWords {
  readonly subject: string;
  readonly text: readonly string[];
  /** What its button says; null: there is nothing to do. */
  readonly button: string | null;
}

type Words = { readonly hello: string; readonly closing: string } & Readonly<Record<NoticeName, NoticeWords>>;

const en: Words = {
  hello: 'Hello,',
  closing: 'Your team at {brand}',
  back_in_stock_confirm: {
    subject: 'Shall we tell you when {title} is back?',
    text: [
      'Somebody left this address to be told when {title} is back. If it was you, please confirm it.',
      'If it was not, do nothing, and you will not hear from us again.',
    ],
    button: 'Yes, tell me',
  },
  back_in_stock: {
    subject: '{title} is back',
    text: [
      'You asked us to tell you: {title} is back in stock, and there are {units} for you.',
      'We tell people in the order in which they asked, and only as many as we have units for. For a day we tell nobody else about yours.',
    ],
    button: 'See it in the shop',
  },
  drop_joined: {
    subject: 'You are on the list for {title}',
    text: [
      'You are on the list for {title}. Your ticket is {ticket}: keep it, and you can check the ranking afterwards.',
    ],
    button: null,
  },
  drop_offered: {
    subject: 'It is your turn: {title}',
    text: ['{units} of {title} are kept for you until {until}. After that they go to whoever is next.'],
    button: 'Buy it now',
  },
  drop_passed: {
    subject: '{title}: your turn is over',
    text: ['The time to buy {title} is over, and it went to whoever was next on the list.'],
    button: null,
  },
  validation_met: {
    subject: '{title} will be made',
    text: [
      'Enough people ordered {title}, so it will be made. Thank you for being one of them.',
      'We write again as soon as the day that we told you changes, and when it leaves us.',
    ],
    button: 'See your order',
  },
  substitute_offered: {
    subject: 'We cannot get {title}: would you like {instead}?',
    text: [
      'We are sorry. You ordered {title}, and what we were waiting for will not come.',
      'Instead we can send you {instead}. On the page of your order you can take it, wait, or cancel for a full refund, paid back the way you paid. If you say nothing, nothing is changed.',
    ],
    button: 'Choose',
  },
};

const de: Words = {
  hello: 'Hallo,',
  closing: 'Dein Team von {brand}',
  back_in_stock_confirm: {
    subject: 'Sollen wir dir sagen, wenn {title} wieder da ist?',
    text: [
      'Jemand hat diese Adresse angegeben, um zu erfahren, wann {title} wieder da ist. Wenn du das warst, bestätige es bitte.',
      'Wenn nicht, tu einfach nichts. Dann hörst du nichts mehr von uns.',
    ],
    button: 'Ja, sagt mir Bescheid',
  },
  back_in_stock: {
    subject: '{title} ist wieder da',
    text: [
      'Du wolltest es wissen: {title} ist wieder da, und für dich gibt es {units}.',
      'Wir sagen es in der Reihenfolge, in der gefragt wurde, und nur so vielen, wie wir beliefern können. Einen Tag lang sagen wir deine niemand anderem.',
    ],
    button: 'Im Shop ansehen',
  },
  drop_joined: {
    subject: 'Du stehst auf der Liste für {title}',
    text: [
      'Du stehst auf der Liste für {title}. Dein Los ist {ticket}: Heb es auf, damit kannst du die Rangfolge später nachrechnen.',
    ],
    button: null,
  },
  drop_offered: {
    subject: 'Du bist dran: {title}',
    text: ['Für dich liegen {units} von {title} bereit, bis {until}. Danach kommt der Nächste an die Reihe.'],
    button: 'Jetzt kaufen',
  },
  drop_passed: {
    subject: '{title}: deine Zeit ist um',
    text: ['Die Zeit, {title} zu kaufen, ist um. Es ging an den Nächsten auf der Liste.'],
    button: null,
  },
  validation_met: {
    subject: '{title} wird gefertigt',
    text: [
      'Genug Menschen haben {title} bestellt, darum wird es gefertigt. Danke, dass du dabei bist.',
      'Wir schreiben wieder, sobald sich der genannte Tag ändert, und wenn es losgeht.',
    ],
    button: 'Deine Bestellung ansehen',
  },
  substitute_offered: {
    subject: '{title} bekommen wir nicht: Möchtest du {instead}?',
    text: [
      'Es tut uns leid. Du hast {title} bestellt, und worauf wir warteten, kommt nicht.',
      'Stattdessen können wir dir {instead} schicken. Auf der Seite deiner Bestellung kannst du es nehmen, warten oder stornieren und bekommst alles zurück, auf dem Weg, auf dem du bezahlt hast. Wenn du nichts sagst, ändert sich nichts.',
    ],
    button: 'Auswählen',
  },
};

const fr: Words = {
  hello: 'Bonjour,',
  closing: 'L’équipe {brand}',
  back_in_stock_confirm: {
    subject: 'Vous prévenir du retour de {title} ?',
    text: [
      'Quelqu’un a laissé cette adresse pour être prévenu du retour de {title}. Si c’est vous, merci de le confirmer.',
      'Sinon, ne faites rien : vous n’entendrez plus parler de nous.',
    ],
    button: 'Oui, prévenez-moi',
  },
  back_in_stock: {
    subject: '{title} est de retour',
    text: [
      'Vous nous l’aviez demandé : {title} est de retour, et il y en a {units} pour vous.',
      'Nous prévenons dans l’ordre des demandes, et seulement autant de personnes que nous pouvons servir. Pendant un jour, nous ne parlons des vôtres à personne d’autre.',
    ],
    button: 'Voir dans la boutique',
  },
  drop_joined: {
    subject: 'Vous êtes sur la liste pour {title}',
    text: [
      'Vous êtes sur la liste pour {title}. Votre ticket est {ticket} : gardez-le, il permet de vérifier le classement ensuite.',
    ],
    button: null,
  },
  drop_offered: {
    subject: 'C’est votre tour : {title}',
    text: [
      '{units} de {title} vous sont réservés jusqu’au {until}. Ensuite, c’est le tour de la personne suivante.',
    ],
    button: 'Acheter maintenant',
  },
  drop_passed: {
    subject: '{title} : votre tour est passé',
    text: ['Le délai pour acheter {title} est passé ; c’est maintenant le tour de la personne suivante.'],
    button: null,
  },
  validation_met: {
    subject: '{title} sera fabriqué',
    text: [
      'Assez de personnes ont commandé {title} : il sera fabriqué. Merci d’en faire partie.',
      'Nous vous écrirons si la date annoncée change, et au moment de l’expédition.',
    ],
    button: 'Voir votre commande',
  },
  substitute_offered: {
    subject: 'Nous ne recevrons pas {title} : voulez-vous {instead} ?',
    text: [
      'Nous sommes désolés. Vous avez commandé {title}, et ce que nous attendions ne viendra pas.',
      'Nous pouvons vous envoyer {instead} à la place. Sur la page de votre commande, vous pouvez l’accepter, attendre, ou annuler et être remboursé intégralement par le même moyen de paiement. Sans réponse, rien ne change.',
    ],
    button: 'Choisir',
  },
};

const es: Words = {
  hello: 'Hola:',
  closing: 'El equipo de {brand}',
  back_in_stock_confirm: {
    subject: '¿Te avisamos cuando vuelva {title}?',
    text: [
      'Alguien dejó esta dirección para saber cuándo vuelve {title}. Si fuiste tú, confírmalo, por favor.',
      'Si no, no hagas nada y no volverás a saber de nosotros.',
    ],
    button: 'Sí, avisadme',
  },
  back_in_stock: {
    subject: '{title} ha vuelto',
    text: [
      'Nos lo pediste: {title} ha vuelto, y hay {units} para ti.',
      'Avisamos en el orden en que se pidió, y solo a cuantos podemos servir. Durante un día no hablamos de las tuyas a nadie más.',
    ],
    button: 'Verlo en la tienda',
  },
  drop_joined: {
    subject: 'Estás en la lista de {title}',
    text: [
      'Estás en la lista de {title}. Tu número es {ticket}: guárdalo y podrás comprobar el orden después.',
    ],
    button: null,
  },
  drop_offered: {
    subject: 'Es tu turno: {title}',
    text: ['Te guardamos {units} de {title} hasta el {until}. Después pasa a la siguiente persona.'],
    button: 'Comprar ahora',
  },
  drop_passed: {
    subject: '{title}: tu turno ha pasado',
    text: ['El plazo para comprar {title} ha pasado, y le tocó a la siguiente persona de la lista.'],
    button: null,
  },
  validation_met: {
    subject: '{title} se fabricará',
    text: [
      'Suficientes personas han pedido {title}, así que se fabricará. Gracias por ser una de ellas.',
      'Te escribiremos si cambia el día que te dijimos, y cuando salga.',
    ],
    button: 'Ver tu pedido',
  },
  substitute_offered: {
    subject: 'No recibiremos {title}: ¿quieres {instead}?',
    text: [
      'Lo sentimos. Pediste {title}, y lo que esperábamos no llegará.',
      'En su lugar podemos enviarte {instead}. En la página de tu pedido puedes aceptarlo, esperar o cancelar y recuperar todo tu dinero, por donde pagaste. Si no dices nada, nada cambia.',
    ],
    button: 'Elegir',
  },
};

export const NOTICE_WORDS: Readonly<Record<Language, Words>> = { en, de, fr, es };

export function noticeLanguage(locale: string | null, fallback: Language): Language {
  const language = locale?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((one) => one === language) ?? fallback;
}
