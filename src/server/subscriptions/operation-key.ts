/** What makes two subscriptions the same operation, however they are written. */
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  TypeInfo,
  type TypeNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * The same for operations that give the same for every event. Where they begin (`after`) does not count: that concerns
 * each subscriber alone.
 */
export function operationKey({ document, operationName, variableValues }: ExecutionArgs): string {
  const operation = getOperationAST(document, operationName);
  const names = operation ? variablesThatCount(operation) : [];
  const variables = names.map((name) => [name, inKeyOrder(variableValues?.[name])]);
  return createHash('sha256')
    .update(JSON.stringify([normalised(document), operationName ?? null, variables]))
    .digest('base64');
}

const normalisedDocuments = new WeakMap<DocumentNode, string>();

/** The document without comments, white space, and `after` of its subscriptions. */
function normalised(document: DocumentNode): string {
  const known = normalisedDocuments.get(document);
  if (known !== undefined) return known;
  const text = print(
    visit(document, {
      OperationDefinition: (operation) => ({
        ...operation,
        selectionSet: {
          ...operation.selectionSet,
          selections: operation.selectionSet.selections.map((selection) =>
            selection.kind === Kind.FIELD
              ? { ...selection, arguments: selection.arguments?.filter(({ name }) => name.value !== 'after') }
              : selection,
          ),
        },
      }),
    }),
  );
  normalisedDocuments.set(document, text);
  return text;
}

/** Only `after` takes cursors. */
function variablesThatCount({ variableDefinitions = [] }: OperationDefinitionNode): string[] {
  return variableDefinitions
    .filter(({ type }) => nameOf(type) !== 'Cursor')
    .map(({ variable }) => variable.name.value)
    .sort();
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inKeyOrder(inner)]),
  );
}

const callersDocuments = new WeakMap<DocumentNode, boolean>();

/**
 * Whether the document asks for a field that shows each caller something else, by rights beyond the stream. Such a
 * field says so in its extensions; one that forgets to is not shown more than the stream's rights allow, but less.
 */
export function differsByCaller({ document, schema }: Pick<ExecutionArgs, 'document' | 'schema'>): boolean {
  const known = callersDocuments.get(document);
  if (known !== undefined) return known;
  const differs = asksForCallersField(document, schema);
  callersDocuments.set(document, differs);
  return differs;
}

function asksForCallersField(document: DocumentNode, schema: GraphQLSchema): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        found ||= types.getFieldDef()?.extensions['differsByCaller'] === true;
      },
    }),
  );
  return found;
}
