import { SaxesParser } from 'saxes';

/** XML-RPC (xmlrpc.com/spec.md), with the `nil` and `i8` that Odoo says and takes. */

/** What the other side answers instead of a result. */
export class XmlRpcFault extends Error {
  override readonly name = 'XmlRpcFault';
  readonly code: number | string;
  constructor(code: number | string, words: string) {
    super(words);
    this.code = code;
  }
}

/** Deeper than any answer is: one that is may be meant to be. */
const MOST_DEPTH = 64;
const INTEGER_LIMIT = 2 ** 31;

/** A call as a document. Undefined members are left out; numbers beyond 32 bits are told as doubles, which Python counts as exactly. */
export const writeCall = (method: string, params: readonly unknown[]): string =>
  `<?xml version="1.0"?><methodCall><methodName>${escaped(method)}</methodName><params>${params
    .map((one) => `<param>${written(one)}</param>`)
    .join('')}</params></methodCall>`;

/** An answer as a document: for whoever stands on the other side. */
export const writeAnswer = (value: unknown): string =>
  `<?xml version="1.0"?><methodResponse><params><param>${written(value)}</param></params></methodResponse>`;
export const writeFault = (faultCode: number | string, faultString: string): string =>
  `<?xml version="1.0"?><methodResponse><fault>${written({ faultCode, faultString })}</fault></methodResponse>`;

function written(value: unknown): string {
  return `<value>${inner(value)}</value>`;
}

function inner(value: unknown): string {
  if (value === null || value === undefined) return '<nil/>';
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < INTEGER_LIMIT
      ? `<int>${value}</int>`
      : `<double>${value}</double>`;
  if (Array.isArray(value)) return `<array><data>${value.map(written).join('')}</data></array>`;
  if (typeof value === 'object')
    return `<struct>${Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<member><name>${escaped(name)}</name>${written(member)}</member>`)
      .join('')}</struct>`;
  return `<string>${escaped(String(value))}</string>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
/** What XML has no character for is left out: Odoo does the same. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>\r]/g, (one) => ESCAPES[one]!);

interface Element {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

/** @throws XmlRpcFault what was answered is one; Error where it is no XML-RPC */
export function readAnswer(text: string): unknown {
  const root = parsed(text);
  if (root.name !== 'methodResponse') throw new Error(`It answered <${root.name}>, which is no XML-RPC.`);
  const fault = root.children.find((one) => one.name === 'fault');
  if (fault !== undefined) {
    const { faultCode, faultString } = valueIn(only(fault, 'value')) as Record<string, unknown>;
    throw new XmlRpcFault(
      typeof faultCode === 'number' ? faultCode : String(faultCode),
      String(faultString ?? ''),
    );
  }
  return valueIn(only(only(only(root, 'params'), 'param'), 'value'));
}

/** @throws Error where it is no call */
export function readCall(text: string): { method: string; params: readonly unknown[] } {
  const root = parsed(text);
  if (root.name !== 'methodCall') throw new Error(`<${root.name}> is no call.`);
  const params = root.children.find((one) => one.name === 'params');
  return {
    method: only(root, 'methodName').text.trim(),
    params: (params?.children ?? []).map((one) => valueIn(only(one, 'value'))),
  };
}

/** Documents without a type: no entity is defined in one, and so none grows. */
function parsed(text: string): Element {
  const parser = new SaxesParser({ xmlns: false });
  const open: Element[] = [];
  let root: Element | null = null;
  parser.on('error', (error) => {
    throw new Error(`It answered no XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new Error('It answered a document with a type of its own, which XML-RPC has not.');
  });
  parser.on('opentag', ({ name }) => {
    const element: Element = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    if (open.push(element) > MOST_DEPTH) throw new Error('Its answer is nested too deeply.');
  });
  const add = (more: string) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (root === null) throw new Error('It answered an empty document.');
  return root;
}

function only({ name, children }: Element, child: string): Element {
  const found = children.find((one) => one.name === child);
  if (found === undefined) throw new Error(`<${name}> has no <${child}>, which is no XML-RPC.`);
  return found;
}

function valueIn(value: Element): unknown {
  const [typed] = value.children;
  // A value without a type is a text, blanks and all.
  if (typed === undefined) return value.text;
  const text = typed.text.trim();
  switch (typed.name) {
    case 'string':
      return typed.text;
    case 'int':
    case 'i4':
    case 'i8':
    case 'double': {
      const number = Number(text);
      if (text === '' || !Number.isFinite(number)) throw new Error(`${text} is no ${typed.name}.`);
      return number;
    }
    case 'boolean':
      if (text !== '0' && text !== '1') throw new Error(`${text} is no boolean.`);
      return text === '1';
    case 'nil':
      return null;
    case 'dateTime.iso8601':
    case 'base64':
      return text;
    case 'array':
      return only(typed, 'data').children.map(valueIn);
    case 'struct':
      // Whatever a member is called, it is a member and nothing else.
      return Object.fromEntries(
        typed.children.map((member) => [only(member, 'name').text, valueIn(only(member, 'value'))]),
      );
    default:
      throw new Error(`XML-RPC has no <${typed.name}>.`);
  }
}
