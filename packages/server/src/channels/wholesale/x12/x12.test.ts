import { describe, expect, test } from 'vitest';
import { isGrave } from '../fault.ts';
import { readFile } from '../read-file.ts';
import { NORTH, order850, x12File } from '../testing/fixtures.ts';
import { readX12 } from './read.ts';
import { validate } from './validate.ts';
import { writeX12 } from './write.ts';

const faultsOf = (text: string) => {
  const [interchange] = readX12(text);
  return interchange!.groups.flatMap((group) =>
    group.transactions.flatMap((one) => validate(one, interchange!.delimiters).faults),
  );
};
const read = (text: string) => readFile(Buffer.from(text), [NORTH])[0]!;

/** The 997's segments that answer a file, as they would be written. */
function answer(text: string): string[] {
  const { acknowledgement } = read(text);
  if (acknowledgement?.standard !== 'x12') throw new Error('no X12 answer');
  return [
    ...(acknowledgement.interchange === null ? [] : [acknowledgement.interchange]),
    ...acknowledgement.groups.flat(),
  ].map(({ tag, elements }) => [tag, ...elements].join('*').replace(/\*+$/, ''));
}

describe('an interchange', () => {
  test('is read with the delimiters that its header tells', () => {
    const text = order850('77').replaceAll('*', '|').replaceAll('~\n', '\u0001');
    const [interchange] = readX12(text.replaceAll('~', '\u0001'));
    expect(interchange!.delimiters).toMatchObject({ element: '|', segment: '\u0001' });
  });
  test.each([
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['no-break spaces for fillers', (text: string) => text.replaceAll('          ', '\u00a0'.repeat(10))],
    ['segments set in by tabs', (text: string) => text.replaceAll('\n', '\n\t\t')],
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no line ends', (text: string) => text.replaceAll('\n', '')],
    ['line ends as terminators', (text: string) => text.replaceAll('~\n', '\n').replace(/~$/, '\n')],
    ['an empty ISA16', (text: string) => text.replace('*>~', '*~')],
  ])('is read with %s', (_, change) => {
    const { faults, messages } = read(change(order850('77')));
    expect(isGrave(faults)).toBe(false);
    expect(messages[0]!.document).toMatchObject({ kind: 'order', number: '77' });
  });
  test('may stand with others in a file', () => {
    const both = readX12(`${order850('1')}\n${order850('2', [{}], { control: '2' })}`);
    expect(both.map((one) => one.groups.length)).toEqual([1, 1]);
  });
  test.each([
    [
      'a trailer with another number',
      order850('1', [{}], { end: '000000009' }),
      'interchange_control_differs',
      'TA1*000000001*260302*0930*R*001',
    ],
    [
      'no trailer',
      order850('1').replace(/IEA.*/, ''),
      'interchange_trailer_missing',
      'TA1*000000001*260302*0930*R*023',
    ],
    [
      'a wrong count of groups',
      order850('1').replace('IEA*1', 'IEA*2'),
      'interchange_count_differs',
      'TA1*000000001*260302*0930*R*021',
    ],
    [
      'a test indicator in production',
      order850('1', [{}], { usage: 'T' }),
      'interchange_wrong_usage',
      'TA1*000000001*260302*0930*R*020',
    ],
  ])('with %s is rejected, and told', (_, text, kind, ta1) => {
    expect(read(text).faults.map((one) => one.kind)).toContain(kind);
    expect(read(text).messages.every((one) => one.document === null)).toBe(true);
    expect(answer(text)).toEqual([ta1]);
  });
});

describe('a transaction set is held against the standard', () => {
  test.each<[string, string, string, string[]]>([
    ['a wrong count of segments', order850('1', [{}], { count: 99 }), 'message_count_differs', ['AK5*R*4']],
    ['no SE', order850('1').replace(/SE\*.*\n/, ''), 'message_trailer_missing', ['AK5*R*2']],
    [
      'no BEG',
      x12File(['CUR*BY*USD', 'PO1*1*5*EA*12**UP*012345678905', 'CTT*1']),
      'segment_missing',
      ['AK3*BEG*2**3', 'AK5*R*5'],
    ],
    ['no lines', x12File(['BEG*00*SA*1**20260302', 'CTT*0']), 'segment_missing', ['AK3*PO1*3**3', 'AK5*R*5']],
    [
      'an unknown purpose',
      order850('1', [{}], { purpose: 'Q9' }),
      'code_invalid',
      ['AK3*BEG*2**8', 'AK4*1*353*7*Q9', 'AK5*R*5'],
    ],
    [
      'a day that does not exist',
      order850('1').replace('**20260302\n', '**20260230\n').replace('**20260302~', '**20260230~'),
      'date_invalid',
      ['AK3*BEG*2**8', 'AK4*5*373*8*20260230', 'AK5*R*5'],
    ],
    [
      'a quantity that is no number',
      order850('1').replace('PO1*1*5*', 'PO1*1*five*'),
      'number_invalid',
      ['AK3*PO1*7**8', 'AK4*2*330*6*five', 'AK5*R*5'],
    ],
    [
      'a qualifier without its number',
      order850('1').replace('*UP*012345678905', '*UP'),
      'condition_violated',
      ['AK3*PO1*7**8', 'AK4*7*234*2', 'AK5*R*5'],
    ],
    [
      'an order number that is too long',
      order850('1'.repeat(23)),
      'element_too_long',
      ['AK3*BEG*2**8', `AK4*3*324*5*${'1'.repeat(23)}`, 'AK5*E*5'],
    ],
    [
      'a count of lines that does not agree',
      order850('1').replace('CTT*1', 'CTT*3'),
      'number_invalid',
      ['AK3*CTT*8**8', 'AK4*1*354*6*3', 'AK5*R*5'],
    ],
    [
      'a terminator that was lost',
      order850('1').replace('CUR*BY*USD~', 'CUR*BY*USD'),
      'character_invalid',
      ['AK5*R*4*5'],
    ],
  ])('%s', (_, text, kind, told) => {
    expect(faultsOf(text).map((one) => one.kind)).toContain(kind);
    const segments = answer(text);
    for (const one of told) expect(segments).toContain(one);
  });
  test('what Kept does not use is noted, and the order taken', () => {
    const text = x12File([
      'BEG*00*SA*1**20260302',
      'ZZZ*1',
      'PO1*1*5*EA*12**UP*012345678905',
      'CUR*BY*USD',
      'CTT*1',
    ]);
    expect(read(text).messages[0]!.document).toMatchObject({ number: '1', currency: 'USD' });
    expect(answer(text)).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK3*ZZZ*3**1', 'AK5*E*5', 'AK9*E*1*1*1']);
  });
  test('a set that Kept does not take is answered so', () => {
    expect(answer(x12File(['BIG*20260302*1'], { set: '810', group: 'IN' }))).toEqual([
      'AK1*IN*1',
      'AK2*810*0001',
      'AK5*R*1',
      'AK9*R*1*1*0',
    ]);
  });
  test('a good one is accepted', () => {
    expect(answer(order850('1'))).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK9*A*1*1*1']);
  });
  test('an invalid status of a line is found, which the parser lets pass', () => {
    const text = x12File(['BAK*00*AD*1*20260302', 'PO1*1*5*EA*12**UP*1', 'ACK*XX*5*EA', 'CTT*1'], {
      set: '855',
      group: 'PR',
    });
    expect(faultsOf(text)).toMatchObject([
      { kind: 'code_invalid', segment: 'ACK', position: 4, element: 1, dictionary: '668' },
    ]);
  });
});

test('an 850 says what is wanted, when and where', () => {
  const text = order850(
    'PO-9',
    [
      { quantity: 5, more: ['PID*F****Red mug', 'DTM*010*20260320'] },
      {
        quantity: 30,
        unit: 'CA',
        number: ['VN', 'MUG-BLUE'],
        more: ['SCH*10*CA***010*20260401', 'SCH*20*CA***010*20260501'],
      },
    ],
    {
      dates: [
        ['037', '2026-03-10'],
        ['001', '2026-04-15'],
      ],
    },
  );
  expect(read(text).messages[0]!.document).toEqual({
    kind: 'order',
    purpose: 'original',
    number: 'PO-9',
    release: null,
    orderedOn: '2026-03-02',
    currency: 'USD',
    window: { notBefore: '2026-03-10', cancelAfter: '2026-04-15' },
    wantedOn: '2026-03-10',
    shipTo: { name: 'North Outfitters DC 7', id: '0007', country: 'US', region: 'ME', zip: '04101' },
    buyer: null,
    lines: [
      {
        line: '1',
        quantity: 5,
        unit: 'EA',
        price: '12.00',
        priceUnits: 1,
        numbers: [{ qualifier: 'UP', value: '012345678905' }],
        description: 'Red mug',
        window: { notBefore: '2026-03-20' },
        wantedOn: '2026-03-20',
        schedules: [],
      },
      {
        line: '2',
        quantity: 30,
        unit: 'CA',
        price: '12.00',
        priceUnits: 1,
        numbers: [{ qualifier: 'VN', value: 'MUG-BLUE' }],
        description: null,
        window: {},
        wantedOn: null,
        schedules: [
          { quantity: 10, wantedOn: '2026-04-01' },
          { quantity: 20, wantedOn: '2026-05-01' },
        ],
      },
    ],
  });
});

test('what is read is written as it was', () => {
  const [interchange] = readX12(order850('1', [{}, { line: '2' }]));
  expect(readX12(writeX12(interchange!))).toEqual([interchange]);
});
