import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer, readCall, writeAnswer, writeCall, writeFault, XmlRpcFault } from './xml-rpc.ts';

const answer = (value: string) =>
  `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`;

describe('values are read as the specification and Odoo write them', () => {
  test.each([
    ['<int>7</int>', 7],
    ['<i4>-12</i4>', -12],
    ['<i8>9007199254740991</i8>', 9007199254740991],
    ['<double>0.0833333333</double>', 0.0833333333],
    ['<boolean>0</boolean>', false],
    ['<boolean>1</boolean>', true],
    ['<nil/>', null],
    ['<string>Tea &amp; &lt;mugs&gt; &#228;</string>', 'Tea & <mugs> ä'],
    ['  no type, blanks and all ', '  no type, blanks and all '],
    ['', ''],
    ['<string><![CDATA[a < b]]></string>', 'a < b'],
    ['<dateTime.iso8601>20260302T09:00:00</dateTime.iso8601>', '20260302T09:00:00'],
    ['<array><data>\n<value><int>1</int></value>\n<value>WH</value></data></array>', [1, 'WH']],
    ['<struct><member><name>id</name><value><int>3</int></value></member></struct>', { id: 3 }],
  ])('%s', (told, value) => expect(readAnswer(answer(told))).toEqual(value));
});

test('a fault is told with its code', () => {
  expect(() => readAnswer(writeFault(3, 'Access Denied'))).toThrow(XmlRpcFault);
  expect(() => readAnswer(writeFault(2, 'No & no'))).toThrow('No & no');
});

test.each([
  ['a page of a proxy', '<html><body>Bad gateway</body></html>', 'no XML-RPC'],
  ['not XML', 'Bad gateway', 'no XML'],
  ['cut off', answer('<int>7</int>').slice(0, 80), 'no XML'],
  ['nothing', '', 'no XML'],
  ['no number', answer('<int>seven</int>'), 'seven is no int'],
  ['an unknown type', answer('<money>7</money>'), 'no <money>'],
  [
    'entities of its own',
    `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${answer('<string>&b;</string>')}`,
    'type of its own',
  ],
  [
    'a file of ours',
    `<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>${answer('&a;')}`,
    'type of its own',
  ],
  ['an entity that nothing defines', answer('<string>&b;</string>'), 'no XML'],
  ['endless depth', answer('<array><data><value>'.repeat(500)), 'too deeply'],
])('%s is refused with what is wrong', (_, text, words) => expect(() => readAnswer(text)).toThrow(words));

test('a member that is called as an object’s own is a member', () => {
  const read = readAnswer(
    answer('<struct><member><name>__proto__</name><value>x</value></member></struct>'),
  ) as object;
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(Object.keys(read)).toEqual(['__proto__']);
});

const text = fc
  .string({ unit: 'grapheme' })
  .map((one) => one.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ''));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (Object.is(one, -0) ? 0 : one)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('whatever is written is read as it was', () => {
  fc.assert(
    fc.property(fc.array(value), text, (params, method) => {
      expect(readCall(writeCall(method, params))).toEqual({ method: method.trim(), params });
      expect(readAnswer(writeAnswer(params))).toEqual(params);
    }),
  );
});
