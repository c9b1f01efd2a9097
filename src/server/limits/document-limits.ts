/**
 * How large a document may be, whatever its variables. Judged right after it is parsed, before rules whose time grows
 * with the square of its parts see it, and counted over fragments: each is counted once, so that fragments which double
 * with every level, or go round in circles, cost no more than their text.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
} from 'graphql';

const MAX_TOKENS = 2_000;
/** Fields within fields at most; what describes the schema itself is bounded by graphql-js. */
const MAX_DEPTH = 12;
const MAX_ALIASES = 15;
const MAX_DIRECTIVES = 8;
/** Times that a field is asked for in one place at most: graphql-js compares each with each. */
const MAX_REPEATS = 50;

/** What operations are measured by. Fragments count as often as they are spread. */
interface Size {
  depth: number;
  aliases: number;
  directives: number;
  /** The most that a field of one name is asked for in one place. */
  repeats: number;
}

/**
 * Parses a document.
 * @throws GraphQLError with code QUERY_TOO_COMPLEX when it is too large, GRAPHQL_PARSE_FAILED when it is none
 */
export function parseWithinLimits(source: string | Source, options?: ParseOptions): DocumentNode {
  const document = parseTokens(source, options);
  const sizeOf = createMeasure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const excess = excessOf(sizeOf(definition));
    if (excess) throw tooComplex(excess, definition);
  }
  return document;
}

/** The refusal of what would cost too much: how much is allowed, and the way out. */
export function tooComplex(why: string, at?: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(`The operation is too large. ${why}`, {
    nodes: at ?? null,
    // As for every request that is not valid: 400, or 200 for clients that know only application/json.
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { spec: true, status: 400 } },
  });
}

function parseTokens(source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes(`more that ${MAX_TOKENS} tokens`)) {
      throw tooComplex(`It has more than the ${MAX_TOKENS} tokens that are allowed. ${SPLIT}`);
    }
    Object.assign(error.extensions, { code: 'GRAPHQL_PARSE_FAILED', http: { spec: true, status: 400 } });
    throw error;
  }
}

const SPLIT = 'Ask in several operations, and send values as variables.';

function excessOf({ depth, aliases, directives, repeats }: Size): string | undefined {
  if (depth > MAX_DEPTH) {
    return `It is ${depth} levels deep; ${MAX_DEPTH} are allowed. Ask for what is deeper in an operation of its own.`;
  }
  if (aliases > MAX_ALIASES) {
    return `It has ${aliases} aliases; ${MAX_ALIASES} are allowed. Ask in several operations, or for lists.`;
  }
  if (directives > MAX_DIRECTIVES) {
    return `It has ${directives} directives; ${MAX_DIRECTIVES} are allowed. Leave out what you do not want instead.`;
  }
  if (repeats > MAX_REPEATS) {
    return `It asks for the same field ${repeats} times in one place; ${MAX_REPEATS} are allowed. Once is enough.`;
  }
  return undefined;
}

function createMeasure(document: DocumentNode): (operation: OperationDefinitionNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Size>();

  function sizeOfFragment(name: string): Size {
    const known = measured.get(name);
    if (known) return known;
    // Also where it comes back to itself, which is refused when the document is validated.
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    if (!fragment) return NOTHING;
    const size = sizeOfSet(fragment.selectionSet, fragment.directives?.length ?? 0);
    measured.set(name, size);
    return size;
  }

  /** @param names how often each field was asked for so far, in the place that the set belongs to */
  function sizeOfSet(set: SelectionSetNode, directives: number, names = new Map<string, number>()): Size {
    const size = { ...NOTHING, directives };
    for (const selection of set.selections) {
      const inner = sizeOfSelection(selection, names);
      size.depth = Math.max(size.depth, inner.depth);
      size.repeats = Math.max(size.repeats, inner.repeats);
      size.aliases += inner.aliases;
      size.directives += inner.directives;
    }
    return size;
  }

  function sizeOfSelection(selection: SelectionNode, names: Map<string, number>): Size {
    const own = selection.directives?.length ?? 0;
    switch (selection.kind) {
      case Kind.FRAGMENT_SPREAD: {
        const size = sizeOfFragment(selection.name.value);
        return own === 0 ? size : { ...size, directives: size.directives + own };
      }
      case Kind.INLINE_FRAGMENT:
        return sizeOfSet(selection.selectionSet, own, names);
      case Kind.FIELD: {
        const aliases = selection.alias ? 1 : 0;
        const { value: name } = selection.alias ?? selection.name;
        const times = (names.get(name) ?? 0) + 1;
        names.set(name, times);
        if (!selection.selectionSet) return { depth: 1, aliases, directives: own, repeats: times };
        const size = sizeOfSet(selection.selectionSet, own);
        const isAboutSchema = selection.name.value.startsWith('__');
        return {
          ...size,
          depth: isAboutSchema ? 1 : 1 + size.depth,
          aliases: aliases + size.aliases,
          repeats: Math.max(times, size.repeats),
        };
      }
    }
  }

  return ({ selectionSet, directives = [], variableDefinitions = [] }) => {
    const onVariables = variableDefinitions.flatMap((variable) => variable.directives ?? []);
    return sizeOfSet(selectionSet, directives.length + onVariables.length);
  };
}

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, repeats: 0 };
