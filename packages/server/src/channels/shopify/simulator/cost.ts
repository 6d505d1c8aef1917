import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';

/** A single query may cost no more, whatever the shop's budget. */
export const MOST_POINTS = 1000;

/**
 * What a query costs before it is run: an object is one point, a scalar none, a connection two and its page times what one of
 * it costs, a mutation ten.
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions)
    if (one.kind === 'FragmentDefinition') fragments.set(one.name.value, one);
  const numberFor = (
    value: { kind: string; value?: string; name?: { value: string } } | undefined,
  ): number | null =>
    value === undefined
      ? null
      : value.kind === 'IntValue'
        ? Number(value.value)
        : value.kind === 'Variable' && Array.isArray(variables[value.name!.value])
          ? (variables[value.name!.value] as unknown[]).length
          : value.kind === 'Variable'
            ? Number(variables[value.name!.value] ?? 0)
            : null;

  const costOf = (selections: SelectionSetNode, parent: GraphQLObjectType | null): number => {
    let total = 0;
    let alternatives = 0;
    for (const selection of selections.selections) {
      if (selection.kind === 'FragmentSpread') {
        total += costOf(fragments.get(selection.name.value)!.selectionSet, parent);
        continue;
      }
      if (selection.kind === 'InlineFragment') {
        const type = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        alternatives = Math.max(
          alternatives,
          costOf(selection.selectionSet, isObjectType(type) ? type : parent),
        );
        continue;
      }
      const field = parent?.getFields()[selection.name.value];
      if (field === undefined || selection.selectionSet === undefined) continue;
      const type = getNamedType(field.type);
      if (!isCompositeType(type)) continue;
      const inner = isObjectType(type) || isInterfaceType(type) ? type : null;
      const each = costOf(selection.selectionSet, inner as GraphQLObjectType | null);
      const argument = (name: string) => selection.arguments?.find((one) => one.name.value === name)?.value;
      const page = numberFor(argument('first') as never);
      const ids = numberFor(argument('ids') as never);
      if (['nodes', 'edges', 'node', 'pageInfo'].includes(selection.name.value) && ids === null)
        total +=
          selection.name.value === 'node' || selection.name.value === 'nodes'
            ? 1 + each
            : selection.name.value === 'edges'
              ? each
              : 0;
      else if (page !== null && type.name.endsWith('Connection')) total += 2 + page * each;
      else if (ids !== null) total += ids * (1 + each);
      else total += 1 + each;
    }
    return total + alternatives;
  };

  let total = 0;
  for (const one of document.definitions) {
    if (one.kind !== 'OperationDefinition') continue;
    if (one.operation === 'mutation') total += 10 * one.selectionSet.selections.length;
    const root = one.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
    total += costOf(one.selectionSet, root ?? null);
  }
  return total;
}

/** What it did cost: the objects that were answered. */
export function actualCost(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, one) => sum + actualCost(one), 0);
  if (typeof data !== 'object' || data === null) return 0;
  return 1 + Object.values(data).reduce((sum: number, one) => sum + actualCost(one), 0);
}
