import {
  type DocumentNode,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  GraphQLUnionType,
  getNamedType,
  isSpecifiedScalarType,
  parse,
  printType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The types of a schema, with just the fields that operations name and whole inputs and enums, as SDL in alphabetical order. */
export function schemaPart(schema: GraphQLSchema, operations: readonly string[]): string {
  const fields = new Map<string, Set<string>>();
  const wanted = new Map<string, GraphQLNamedType>();
  const want = (type: GraphQLNamedType): void => {
    if (isSpecifiedScalarType(type) || wanted.has(type.name)) return;
    wanted.set(type.name, type);
    if (type instanceof GraphQLInputObjectType)
      for (const field of Object.values(type.getFields())) want(getNamedType(field.type));
  };
  for (const text of operations) {
    const document: DocumentNode = parse(text);
    const info = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(info, {
        Field() {
          const parent = info.getParentType();
          const field = info.getFieldDef();
          if (!parent || !field || field.name.startsWith('__')) return;
          want(parent);
          fields.set(parent.name, (fields.get(parent.name) ?? new Set()).add(field.name));
          want(getNamedType(field.type));
          for (const argument of field.args) want(getNamedType(argument.type));
        },
        NamedType(node) {
          const type = schema.getType(node.name.value);
          if (type) want(type);
        },
      }),
    );
  }
  const printed = [...wanted.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((type) => printPart(type, fields.get(type.name) ?? new Set(), wanted));
  const declared =
    schema.getDirective('idempotent') !== undefined ? 'directive @idempotent(key: String!) on FIELD' : '';
  return [
    '# The part of Shopify’s Admin API schema that Kept’s operations use, made from the npm package @shopify/dev-mcp (ISC).',
    'schema {\n  query: QueryRoot\n  mutation: Mutation\n}',
    declared,
    ...printed,
    '',
  ].join('\n\n');
}

function printPart(
  type: GraphQLNamedType,
  used: ReadonlySet<string>,
  wanted: ReadonlyMap<string, GraphQLNamedType>,
): string {
  const bare = (text: string) => text.replace(/^\s*"""[\s\S]*?"""\n/gm, '').replace(/^\s*#.*\n/gm, '');
  if (type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType) {
    const config = type.toConfig();
    const kept = Object.fromEntries(Object.entries(config.fields).filter(([name]) => used.has(name)));
    const own =
      Object.keys(kept).length > 0
        ? kept
        : Object.fromEntries(Object.entries(config.fields).filter(([name]) => name === 'id'));
    // What an interface asks for has to be there in those that implement it: id, and nothing more.
    const interfaces = type.getInterfaces().filter((one) => one.name === 'Node' && wanted.has('Node'));
    const id = config.fields.id;
    const withId = interfaces.length > 0 && id !== undefined ? { ...own, id } : own;
    const part = { name: type.name, interfaces, fields: withId };
    const made =
      type instanceof GraphQLObjectType ? new GraphQLObjectType(part) : new GraphQLInterfaceType(part);
    return bare(printType(made));
  }
  if (type instanceof GraphQLUnionType) {
    const types = type.getTypes().filter((one) => wanted.has(one.name));
    return bare(printType(new GraphQLUnionType({ ...type.toConfig(), types, description: undefined })));
  }
  return bare(printType(type));
}
