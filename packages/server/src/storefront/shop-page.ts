import type { Availability } from '@kept/contract';
import { LANGUAGES, languageOf, writeMoney } from '@kept/engine';
import type { z } from 'zod';
import { jsonLdOf, jsonLdText } from './json-ld.ts';

type Answer = z.output<typeof Availability>;

/** The words of the page around the element; the element brings its own. */
const WORDS = {
  en: {
    quantity: 'Quantity',
    all: 'All goods',
    language: 'Language',
    name: 'English',
    added: 'In your basket: {quantity} × {title}',
    lead: 'A shop window of the demo brand: one article in each state that Kept tells apart.',
  },
  de: {
    quantity: 'Menge',
    all: 'Alle Artikel',
    language: 'Sprache',
    name: 'Deutsch',
    added: 'Im Warenkorb: {quantity} × {title}',
    lead: 'Ein Schaufenster der Demo-Marke: je ein Artikel für jeden Zustand, den Kept unterscheidet.',
  },
  fr: {
    quantity: 'Quantité',
    all: 'Tous les articles',
    language: 'Langue',
    name: 'Français',
    added: 'Dans votre panier : {quantity} × {title}',
    lead: 'Une vitrine de la marque de démonstration : un article pour chaque état que Kept distingue.',
  },
  es: {
    quantity: 'Cantidad',
    all: 'Todos los artículos',
    language: 'Idioma',
    name: 'Español',
    added: 'En tu cesta: {quantity} × {title}',
    lead: 'Un escaparate de la marca de demostración: un artículo por cada estado que Kept distingue.',
  },
} as const;

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (found) => escapes[found]!);

const STYLE = `
:root { color-scheme: light; --ink: #22261f; --soft: #5a6155; --line: #dcdcd2; --paper: #faf9f4; --accent: #2f5d46; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 ui-sans-serif, system-ui, sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 1.25rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .75rem 2rem; align-items: baseline; justify-content: space-between; border-bottom: 1px solid var(--line); }
a { color: inherit; }
.goods h2 { margin-bottom: .6rem; }
.brand { font-family: Georgia, serif; font-size: 1.25rem; text-decoration: none; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; padding: 0; }
nav a[aria-current] { text-decoration: none; font-weight: 600; }
a:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { font-family: Georgia, serif; font-weight: 500; font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-family: Georgia, serif; font-weight: 500; font-size: 1.25rem; margin: 0; }
.lead { color: var(--soft); max-width: 44rem; margin: .25rem 0 1.75rem; }
.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr)); gap: 1rem; list-style: none; margin: 0; padding: 0; }
.goods li, .item { background: #fff; border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.2rem; }
.item { display: grid; gap: 1rem; max-width: 34rem; }
.basket { margin: 0; color: var(--accent); font-weight: 600; }
.price { color: var(--soft); font-variant-numeric: tabular-nums; margin: 0 0 .8rem; }
label { display: inline-flex; gap: .6rem; align-items: center; }
input[type='number'] { font: inherit; width: 5.5rem; padding: .45rem .6rem; border: 1px solid #8b9284; border-radius: .4rem; }
kept-availability { display: block; }
kept-availability::part(button) { background: var(--accent); }
`;

export interface ShopPage {
  readonly brand: string;
  readonly key: string;
  readonly tag: string;
  readonly path: string;
}

/** One article, with its quantity, the element, and what search engines read. */
export function itemPage(page: ShopPage, answer: Answer, url: string): string {
  const words = WORDS[languageOf(page.tag) ?? 'en'];
  const price = writeMoney(page.tag, answer.price.amount, answer.price.currency);
  const body = `<p><a href="/shop?lang=${page.tag}">${words.all}</a></p>
<article class="item">
<div><h1>${escapeHtml(answer.title)}</h1><p class="price">${escapeHtml(price)}</p></div>
<label for="quantity">${words.quantity} <input id="quantity" type="number" min="1" max="999" value="${answer.quantity}" inputmode="numeric"></label>
${element(page, answer.sku, 'for="quantity"')}
<p class="basket" role="status" data-added="${escapeHtml(words.added.replace('{title}', () => answer.title))}"></p>
</article>
<script type="module" src="/shop-basket.js"></script>`;
  return document(page, answer.title, body, jsonLdText(jsonLdOf(answer, url)));
}

/** The window: an article of each kind. */
export function windowPage(
  page: ShopPage,
  goods: readonly { readonly sku: string; readonly title: string }[],
): string {
  const words = WORDS[languageOf(page.tag) ?? 'en'];
  const rows = goods.map(
    ({ sku, title }) =>
      `<li><h2><a href="/shop/${encodeURIComponent(sku)}?lang=${page.tag}">${escapeHtml(title)}</a></h2>${element(page, sku, '')}</li>`,
  );
  const body = `<h1>${words.all}</h1><p class="lead">${words.lead}</p><ul class="goods">${rows.join('\n')}</ul>`;
  return document(page, words.all, body, null);
}

function element({ key, tag }: ShopPage, sku: string, more: string): string {
  const link = `/shop/{sku}?lang=${tag}`;
  return `<kept-availability sku="${escapeHtml(sku)}" channel="web" key="${escapeHtml(key)}" item-url="${escapeHtml(link)}" ${more}></kept-availability>`;
}

function document(
  { brand, tag, path }: ShopPage,
  title: string,
  body: string,
  jsonLd: string | null,
): string {
  const words = WORDS[languageOf(tag) ?? 'en'];
  const languages = LANGUAGES.map((one) => {
    const current = one === languageOf(tag) ? ' aria-current="true"' : '';
    return `<li><a href="${path}?lang=${one}" lang="${one}" hreflang="${one}"${current}>${WORDS[one].name}</a></li>`;
  });
  return `<!doctype html>
<html lang="${escapeHtml(tag)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${escapeHtml(brand)}</title>
<link rel="icon" href="/kept.svg">
<style>${STYLE}</style>
${jsonLd === null ? '' : `<script type="application/ld+json">${jsonLd}</script>\n`}<script type="module" src="/widget/kept-availability.js"></script>
</head>
<body>
<header><a class="brand" href="/shop?lang=${tag}">${escapeHtml(brand)}</a><nav aria-label="${words.language}"><ul>${languages.join('')}</ul></nav></header>
<main>${body}</main>
</body>
</html>`;
}
