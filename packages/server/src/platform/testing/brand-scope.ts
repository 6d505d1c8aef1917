/** A part of a statement between its brackets, with the tables of brands that it reads or writes itself. */
interface Part {
  readonly subselect: boolean;
  tables: string[];
  brand: boolean;
  /** Within the list of a `from`, where a comma brings another table. */
  listing: boolean;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|"([^"]+)"|[a-z_][\w$]*|[(),;]/gi;
const BEFORE_TABLE = new Set(['from', 'join', 'update', 'into', 'using']);
const ENDS_LIST = new Set(['where', 'group', 'order', 'having', 'set', 'returning', 'select', 'on', 'limit']);
const NEXT_SELECT = new Set(['union', 'except', 'intersect', ';']);

/**
 * Tables with brand_id that a statement names in a part (a subselect, a branch of a union) which never says brand_id: spread by it
 * over machines, all of them would be asked. It reads words and no grammar: a part that compares one of its tables passes.
 */
export function tablesAcrossBrands(statement: string, tables: ReadonlySet<string>): string[] {
  const words = [...statement.matchAll(TOKEN)]
    .filter(([text]) => !/^(--|\/\*|'|\$)/.test(text))
    .map(([text, , quoted]) => (quoted ?? text).toLowerCase());
  // What a statement calls so itself (`with item as (…)`) is no table.
  const own = new Set(
    words.filter(
      (_, index) => words[index + 1] === 'as' && /^(\(|materialized|not)$/.test(words[index + 2] ?? ''),
    ),
  );
  const found: string[] = [];
  const close = ({ tables: named, brand }: Part) => {
    if (!brand) found.push(...named);
  };
  const open = (subselect: boolean): Part => ({ subselect, tables: [], brand: false, listing: false });
  const stack = [open(true)];
  for (const [index, word] of words.entries()) {
    const part = stack.at(-1)!;
    if (word === '(') {
      const opened = open(['select', 'with', 'values'].includes(words[index + 1] ?? ''));
      // Joins in brackets: `from (a join b …)`.
      opened.listing = !opened.subselect && BEFORE_TABLE.has(words[index - 1] ?? '');
      stack.push(opened);
    } else if (word === ')') {
      const ended = stack.length > 1 ? stack.pop()! : part;
      // Lists of columns and comparisons of rows belong to what they stand in.
      if (ended.subselect) close(ended);
      else {
        const around = stack.at(-1)!;
        around.brand ||= ended.brand;
        around.tables.push(...ended.tables);
      }
    } else if (NEXT_SELECT.has(word)) {
      close(part);
      Object.assign(part, open(part.subselect), { subselect: part.subselect });
    } else if (word === 'brand_id') part.brand = true;
    else if (BEFORE_TABLE.has(word) && words[index - 1] !== 'distinct') part.listing = true;
    else if (ENDS_LIST.has(word)) part.listing = false;
    if (part.listing && isTable(words, index) && tables.has(word) && !own.has(word)) part.tables.push(word);
  }
  for (const part of stack) close(part);
  return [...new Set(found)];
}

/** Right after a word that a table follows, or after a comma of its list; and no call of a function of that name. */
function isTable(words: readonly string[], index: number): boolean {
  const before = words[index - 1] ?? '';
  if (words[index - 2] === 'distinct' && before === 'from') return false;
  const first = before === 'only' ? (words[index - 2] ?? '') : before;
  return (
    (BEFORE_TABLE.has(first) ||
      before === ',' ||
      (first === '(' && BEFORE_TABLE.has(words[index - 2] ?? ''))) &&
    (words[index + 1] !== '(' || first === 'into')
  );
}
