/** A line of a brand as one number, for maps and sets. */
export const keyOf = ({ order, line }: { readonly order: number; readonly line: number }): number =>
  order * 2 ** 20 + line;
