import type { Catalogue } from './messages.ts';

export const es: Catalogue = {
  states: {
    in_stock: {
      here: { headline: 'En stock', text: 'Se envía como muy tarde el {day}.', button: 'Añadir a la cesta' },
    },
    backorder: {
      dated: {
        headline: 'De vuelta pronto',
        text: 'Agotado por ahora, y hay más en camino. Pídelo ya y lo enviamos como muy tarde el {day}.',
        button: 'Pedir ahora, envío más tarde',
      },
      mixed: {
        headline: 'Una parte ahora, otra pronto',
        text: 'No lo tenemos todo aquí: {parts}.',
        button: 'Pedir ahora',
      },
      short: {
        headline: 'No tantas unidades',
        text: 'De {quantity} podemos prometer {parts}.',
        button: 'Elegir menos',
      },
    },
    preorder: {
      dated: {
        headline: 'Preventa',
        text: 'Nuevo y todavía sin lanzar. Resérvalo ahora y se envía como muy tarde el {day}.',
        button: 'Reservar en preventa',
      },
      parts: {
        headline: 'Preventa',
        text: 'Nuevo y todavía sin lanzar. Se envía por partes: {parts}.',
        button: 'Reservar en preventa',
      },
      short: {
        headline: 'Preventa, pero menos',
        text: 'Nuevo y todavía sin lanzar. De {quantity} podemos prometer {parts}.',
        button: 'Elegir menos',
      },
    },
    made_to_order: {
      dated: {
        headline: 'Hecho por encargo',
        text: 'Lo hacemos cuando lo pides. Se envía como muy tarde el {day}.',
        button: 'Encargar',
      },
      mixed: {
        headline: 'Una parte aquí, otra hecha para ti',
        text: 'Hacemos lo que no está aquí cuando lo pides: {parts}.',
        button: 'Encargar',
      },
      short: {
        headline: 'No podemos hacer tantos a tiempo',
        text: 'De {quantity} podemos hacer y enviar {parts}.',
        button: 'Elegir menos',
      },
    },
    drop: {
      waitlist: {
        headline: 'Edición limitada',
        text: 'Hay muy pocos. Apúntate y te escribimos cuando sea tu turno de comprar.',
        button: 'Apuntarme a la lista',
      },
      dated: {
        headline: 'Edición limitada',
        text: 'De una edición limitada. Se envía como muy tarde el {day}.',
        button: 'Conseguir el mío',
      },
      mixed: {
        headline: 'Edición limitada',
        text: 'De una edición limitada: {parts}.',
        button: 'Conseguir los míos',
      },
      short: {
        headline: 'Edición limitada, quedan pocos',
        text: 'De {quantity} tenemos {parts}.',
        button: 'Elegir menos',
      },
    },
    demand_validation: {
      dated: {
        headline: 'Ayúdanos a hacerlo',
        text: 'Lo hacemos si se piden {goal} hasta el {until}. Entonces se envía como muy tarde el {day}; si no, te devolvemos todo tu dinero.',
        button: 'Quiero uno',
      },
      mixed: {
        headline: 'Ayúdanos a hacer más',
        text: 'Hacemos más si se piden {goal} hasta el {until}: {parts}. Si no, te devolvemos el dinero de esos.',
        button: 'Los quiero',
      },
      short: {
        headline: 'Ayúdanos a hacerlo',
        text: 'Lo hacemos si se piden {goal} hasta el {until}. De {quantity} podemos aceptar {parts}.',
        button: 'Elegir menos',
      },
    },
    out_of_stock: {
      gone: {
        headline: 'Agotado',
        text: 'No tenemos una fecha que prometerte.',
        button: 'Avísame cuando vuelva',
      },
      few: {
        headline: 'Solo quedan {now}',
        text: 'Has pedido {quantity}. No tenemos fecha para más.',
        button: 'Elegir menos',
      },
      not_yet: {
        headline: 'Todavía no está a la venta',
        text: 'Te diremos cuándo se puede pedir.',
        button: 'Avísame cuando salga',
      },
    },
    discontinued: {
      gone: {
        headline: 'Ya no se fabrica',
        text: 'Este modelo no volverá.',
        button: 'Ver algo parecido',
      },
      few: {
        headline: 'Los últimos {now}',
        text: 'Has pedido {quantity}. Ya no se fabrica, son los últimos.',
        button: 'Elegir menos',
      },
    },
  },
  charge: {
    at_order: 'Pagas {total} al hacer el pedido.',
    deposit: 'Pagas {now} al hacer el pedido y {balance} cuando se envíe.',
    authorise: 'Se reservan {total} en tu tarjeta al hacer el pedido y se cobran cuando se envíe.',
    authorise_part:
      'Pagas {now} al hacer el pedido; {rest} se reservan en tu tarjeta y se cobran cuando se envíe.',
    at_shipment: 'Pagas {total} cuando se envíe, y nada antes.',
    invoice: 'Recibes una factura de {total} con el envío, a pagar en {days}.',
    nothing: 'No se cobra nada.',
  },
  parts: {
    now: '{quantity} ahora',
    later: '{quantity} como muy tarde el {day}',
    charge: 'Por {quantity}: {charge}',
  },
  ways: {
    apart: 'Enviar cada uno en cuanto se pueda',
    together: 'Enviar todo junto como muy tarde el {day}',
  },
  days: { one: '1 día', other: '{count} días' },
  page: {
    quantity: 'Cantidad',
    alternatives: 'Quizá te guste',
    email: 'Tu correo electrónico',
    joined: 'Estás en la lista. Te hemos enviado un correo con los detalles.',
    subscribed: 'Confirma el correo que te hemos enviado. Después te avisamos cuando vuelva.',
  },
};
