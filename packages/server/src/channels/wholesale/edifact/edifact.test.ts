import { describe, expect, test } from 'vitest';
import { readFile } from '../read-file.ts';
import { ordersEdifact, SUED } from '../testing/fixtures.ts';
import { readEdifact } from './read.ts';
import { writeEdifact } from './write.ts';

const read = (text: string) => readFile(Buffer.from(text), [SUED])[0]!;
function answer(text: string): string[] {
  const { acknowledgement } = read(text);
  if (acknowledgement?.standard !== 'edifact') throw new Error('no CONTRL');
  return acknowledgement.body.map(({ tag, elements }) =>
    [tag, ...elements.map((one) => one.join(':'))].join('+'),
  );
}
const UCI = 'UCI+1+4398765000004:14+4012345000009:14';

describe('an interchange', () => {
  test.each([
    ['no service string advice', (text: string) => text.replace(/^UNA.{6}/, '')],
    ['no line ends', (text: string) => text.replaceAll('\n', '')],
    [
      'delimiters of its own',
      (text: string) => text.replaceAll(':', '#').replaceAll('?+', '!+').replace('UNA#+.? ', 'UNA#+.! '),
    ],
    ['a reserved sixth place', (text: string) => text.replace("UNA:+.? '", "UNA:+.?*'")],
  ])('is read with %s', (_, change) => {
    expect(read(change(ordersEdifact('4711'))).messages[0]!.document).toMatchObject({
      number: '4711',
      shipTo: { name: 'Kaufhaus S+üd' },
    });
  });
  test('in Latin-1, as its syntax says, is read too', () => {
    const [one] = readFile(Buffer.from(ordersEdifact('1'), 'latin1'), [SUED]);
    expect(one!.messages[0]!.document).toMatchObject({ shipTo: { name: 'Kaufhaus S+üd' } });
  });
  test.each([
    ['another reference at its end', ordersEdifact('1').replace('UNZ+1+1', 'UNZ+1+2'), `${UCI}+4+28`],
    ['a wrong count', ordersEdifact('1').replace('UNZ+1+1', 'UNZ+3+1'), `${UCI}+4+29`],
    ['no end', ordersEdifact('1').replace(/UNZ.*/s, ''), `${UCI}+4+13`],
  ])('with %s is rejected', (_, text, uci) => {
    expect(answer(text)).toEqual([uci]);
    expect(read(text).messages[0]!.document).toBeNull();
  });
});

describe('a message is held against the directory', () => {
  test.each<[string, string, string[]]>([
    ['a good one', ordersEdifact('1'), [`${UCI}+7`, 'UCM+1+ORDERS:D:96A:UN:EAN008+7']],
    [
      'a wrong count of segments',
      ordersEdifact('1').replace(/UNT\+\d+/, 'UNT+99'),
      [`${UCI}+7`, 'UCM+1+ORDERS:D:96A:UN:EAN008+4+29'],
    ],
    [
      'a quantity that is no number',
      ordersEdifact('1').replace('QTY+21:5', 'QTY+21:five'),
      ['UCM+1+ORDERS:D:96A:UN:EAN008+4', 'UCS+9', 'UCD+19+2:2'],
    ],
    [
      'a day that does not exist',
      ordersEdifact('1').replace('137:20260302', '137:20260231'),
      ['UCS+3', 'UCD+12+2:2'],
    ],
    [
      'no BGM',
      ordersEdifact('1')
        .replace(/BGM[^']*'\n/, '')
        .replace('UNT+13', 'UNT+12'),
      ['UCS+2+13'],
    ],
    [
      'a segment that does not belong',
      ordersEdifact('1').replace('CUX+2', "XYZ+1'\nCUX+2").replace('UNT+13', 'UNT+14'),
      ['UCM+1+ORDERS:D:96A:UN:EAN008+7', 'UCS+7+15'],
    ],
    [
      'a type that Kept does not take',
      ordersEdifact('1', [{}], { type: 'INVOIC' }),
      ['UCM+1+INVOIC:D:96A:UN:EAN008+4+17'],
    ],
  ])('%s', (_, text, told) => {
    const segments = answer(text);
    for (const one of told) expect(segments).toContain(one);
  });
});

test('an ORDERS says what is wanted, when and where', () => {
  const text = ordersEdifact('4711', [{ quantity: 7, price: '12.50' }], {
    dates: [
      ['64', '2026-03-10'],
      ['61', '2026-04-15'],
    ],
  });
  expect(read(text).messages[0]!.document).toMatchObject({
    kind: 'order',
    purpose: 'original',
    number: '4711',
    orderedOn: '2026-03-02',
    currency: 'EUR',
    window: { notBefore: '2026-03-10', cancelAfter: '2026-04-15' },
    shipTo: { id: '4398765000011', country: 'DE', zip: '24103' },
    lines: [
      {
        line: '1',
        quantity: 7,
        unit: 'PCE',
        price: '12.50',
        numbers: [{ qualifier: 'EN', value: '4012345678901' }],
      },
    ],
  });
});

test('what is read is written as it was', () => {
  const [interchange] = readEdifact(ordersEdifact('1', [{}, { line: '2' }]));
  expect(readEdifact(writeEdifact(interchange!))).toEqual([interchange]);
});
