import type { ReactNode } from 'react';
import type { Block, Letter } from './letter.ts';

export interface Look {
  readonly brand: string;
  readonly colour: string;
  readonly logo: string | null;
}

/** Loaded with the first mail: a start, and whoever sends nothing, does not pay for it. */
let loaded: Promise<[typeof import('@react-email/components'), typeof import('react')]> | undefined;
const parts = () => (loaded ??= Promise.all([import('@react-email/components'), import('react')]));

const FONT = "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

/**
 * A letter as a mail's HTML, one column that a phone shows as it is. Elements are made by function and not in TSX, so that
 * every command that writes mail runs without a build (ADR 0039).
 */
export async function letterHtml(letter: Letter, look: Look): Promise<string> {
  const [mail, { createElement: h }] = await parts();
  const paragraph = { fontSize: '16px', lineHeight: '24px', margin: '0 0 16px', color: '#1d1d1b' };
  const block = (one: Block, index: number): ReactNode => {
    switch (one.kind) {
      case 'text':
      case 'legal':
        return h(mail.Text, { key: index, style: paragraph }, one.text);
      case 'closing':
        return h(mail.Text, { key: index, style: { ...paragraph, margin: '24px 0 0' } }, one.text);
      case 'lines':
        return h(
          mail.Section,
          { key: index, style: { margin: '0 0 16px' } },
          one.lines.map((line, at) =>
            h(
              mail.Section,
              { key: at, style: { borderTop: '1px solid #e4e2dc', padding: '12px 0' } },
              h(mail.Text, { style: { ...paragraph, margin: 0, fontWeight: 600 } }, line.title),
              line.detail === ''
                ? null
                : h(mail.Text, { style: { ...paragraph, margin: 0, color: '#55534d' } }, line.detail),
            ),
          ),
        );
      case 'buttons':
        return h(
          mail.Section,
          { key: index, style: { margin: '8px 0 8px' } },
          one.buttons.map((button, at) =>
            h(
              mail.Section,
              { key: at, style: { margin: '0 0 12px' } },
              h(mail.Button, { href: button.href, style: buttonStyle(at === 0, look.colour) }, button.text),
            ),
          ),
        );
    }
  };
  const first = letter.blocks.find((one) => one.kind === 'text' && one !== letter.blocks[0]);
  const document = h(
    mail.Html,
    { lang: letter.language },
    h(
      mail.Head,
      null,
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light' }),
      h('title', null, letter.subject),
    ),
    h(mail.Preview, null, first?.kind === 'text' ? first.text : letter.subject),
    h(
      mail.Body,
      { style: { backgroundColor: '#f6f4ef', margin: 0, padding: '24px 12px', fontFamily: FONT } },
      h(
        mail.Container,
        {
          style: {
            backgroundColor: '#ffffff',
            borderTop: `4px solid ${look.colour}`,
            maxWidth: '600px',
            padding: '28px 24px',
          },
        },
        look.logo === null
          ? h(
              mail.Text,
              { style: { ...paragraph, color: look.colour, fontWeight: 700, margin: '0 0 20px' } },
              look.brand,
            )
          : h(mail.Img, { src: look.logo, alt: look.brand, height: 32, style: { margin: '0 0 20px' } }),
        letter.blocks.map(block),
      ),
    ),
  );
  return mail.render(document);
}

function buttonStyle(main: boolean, colour: string) {
  const shape = {
    borderRadius: '6px',
    display: 'block',
    fontSize: '16px',
    fontWeight: 600,
    padding: '12px 16px',
    textAlign: 'center' as const,
    textDecoration: 'none',
  };
  return main
    ? { ...shape, backgroundColor: colour, border: `1px solid ${colour}`, color: inkOn(colour) }
    : { ...shape, backgroundColor: '#ffffff', border: '1px solid #c9c6bd', color: '#1d1d1b' };
}

/** Black or white, whichever reads better on a colour (WCAG 2.2, relative luminance). */
function inkOn(colour: string): string {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** The same as plain text, for those who read mail that way. */
export function letterText(letter: Letter): string {
  return `${letter.blocks.map(blockText).join('\n\n')}\n`;
}

/** What has to be said and where to answer it, for a telephone: no greeting, no furniture, nothing left out that a law wants. */
export function letterShort(letter: Letter, brand: string): string {
  const links = letter.blocks.flatMap((one) => (one.kind === 'buttons' ? one.buttons : []));
  const page = links[0]?.href.split('?')[0];
  const said = letter.blocks.flatMap((one) => {
    if (one.kind === 'lines')
      return one.lines.map(({ title, detail }) => (detail === '' ? title : `${title}: ${detail}.`));
    return one.kind === 'legal' ? [one.text] : [];
  });
  return [`${brand}: ${letter.subject}.`, ...said, ...(page === undefined ? [] : [page])].join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
    case 'legal':
    case 'closing':
      return block.text;
    case 'lines':
      return block.lines
        .map(({ title, detail }) => (detail === '' ? `* ${title}` : `* ${title}\n  ${detail}`))
        .join('\n');
    case 'buttons':
      return block.buttons.map(({ text, href }) => `${text}:\n${href}`).join('\n\n');
  }
}
