/** Invented customers: the same number and country always give the same name. Nobody here is real. */
import { oneOf } from './chance.ts';

interface Tongue {
  locale: string;
  given: readonly string[];
  family: readonly string[];
  /** Shop names: {} is a word of the trade list. */
  shop: readonly string[];
}

const SHOP_WORDS =
  'Juniper,Bramble,Copper,Lantern,Marigold,Thistle,Harbour,Willow,Pebble,Clover,Saffron,Heron,Orchard,Teasel,Magpie,Hazel,Primrose,Driftwood,Linnet,Foxglove'.split(
    ',',
  );

const words = (text: string): readonly string[] => text.split(',');
const ENGLISH: Tongue = {
  locale: 'en-GB',
  given: words(
    'Ada,Alfie,Amber,Arun,Beth,Callum,Carys,Daisy,Dev,Edie,Ewan,Fern,Freya,Gwen,Hamza,Hugo,Imogen,Isla,Jago,Jess,Kit,Leila,Lewis,Maeve,Mina,Nell,Niamh,Omar,Orla,Perry,Priya,Rhys,Rosa,Seth,Tilly,Una,Wren,Yusuf,Zara,Zoe',
  ),
  family: words(
    'Abery,Ashdell,Barrowby,Bexwith,Birchall,Brackwell,Caddick,Calderby,Coldwell,Crewdson,Dalewood,Dunmere,Eastlake,Elmsby,Farrowdale,Fenwright,Garsdale,Greyling,Hallowby,Hartmoor,Ingleside,Kelderby,Larkham,Lindale,Marlfield,Merrow,Netherby,Oakshot,Pinfold,Quillby,Ravensby,Rowanlea,Saltby,Selwith,Thornley,Tidewell,Underby,Wainford,Westray,Yarrowby',
  ),
  shop: words('{} & Co Gifts,The {} Shop,{} Interiors,{} House,{} Lane Emporium,{} Homewares'),
};
const GERMAN: Tongue = {
  locale: 'de-DE',
  given: words('Anke,Bastian,Carla,Emil,Frieda,Jonas,Lena,Malte,Nele,Tilda'),
  family: words(
    'Ahlbrink,Buchwalder,Dornfeldt,Eschenau,Holzinger,Lindtberg,Moosbach,Sandner,Talheimer,Wiesenthaler',
  ),
  shop: words('{} Wohnideen,Haus {},{} Geschenke'),
};
const FRENCH: Tongue = {
  locale: 'fr-FR',
  given: words('Aline,Bastien,Camille,Élodie,Hugo,Inès,Lucie,Maxime,Noé,Odile'),
  family: words('Aubépin,Beauval,Chantrel,Delorme,Fontvieille,Grandpré,Lavigneau,Montclair,Rivoire,Valcourt'),
  shop: words('Maison {},{} Décoration,Cadeaux {}'),
};
const SOUTHERN: Tongue = {
  locale: 'es-ES',
  given: words('Alba,Bruno,Clara,Diego,Elena,Iria,Marco,Nuno,Paula,Tomás'),
  family: words('Albareda,Cerezal,Fontela,Limares,Monteverde,Naranjal,Olivar,Pereda,Robledal,Valdera'),
  shop: words('Casa {},{} Regalos'),
};
const NORTHERN: Tongue = {
  locale: 'en-GB',
  given: words('Astrid,Bram,Eira,Femke,Henrik,Iben,Lars,Mika,Saga,Sven'),
  family: words('Bergsund,Dalvik,Ekholt,Fjordahl,Granlund,Holmdal,Lindvik,Nordby,Strandvik,Vesterholt'),
  shop: words('{} Hjem,{} Design,Huset {}'),
};

const TONGUES: Record<string, Tongue> = {
  DE: GERMAN,
  CH: GERMAN,
  AT: GERMAN,
  FR: FRENCH,
  BE: FRENCH,
  ES: { ...SOUTHERN },
  PT: { ...SOUTHERN, locale: 'pt-PT' },
  IT: { ...SOUTHERN, locale: 'it-IT' },
  NL: { ...NORTHERN, locale: 'nl-NL' },
  SE: { ...NORTHERN, locale: 'sv-SE' },
  DK: { ...NORTHERN, locale: 'da-DK' },
  NO: { ...NORTHERN, locale: 'nb-NO' },
  FI: { ...NORTHERN, locale: 'fi-FI' },
};

export interface Person {
  name: string;
  email: string;
  locale: string;
}

/** @param shop true for wholesale customers: a shop's name instead of a person's */
export function personOf(customer: number, country: string, shop: boolean): Person {
  const tongue = TONGUES[country] ?? ENGLISH;
  const name = shop
    ? oneOf(tongue.shop, 'shop', customer, country).replace(
        '{}',
        oneOf(SHOP_WORDS, 'word', customer, country),
      )
    : `${oneOf(tongue.given, 'given', customer, country)} ${oneOf(tongue.family, 'family', customer, country)}`;
  const plain = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .trim()
    .replace(/ +/g, '.');
  return { name, email: `${plain}.${customer}@example.com`, locale: tongue.locale };
}
