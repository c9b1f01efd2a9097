/** A rule of GraphQL's next edition that graphql-js 16 lacks, and without which it fails on its own. */
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * The one field of a subscription may not be left out by a condition: nothing would be subscribed to, and executing it
 * would break off with a TypeError.
 */
export function subscriptionRootRule(context: ValidationContext): ASTVisitor {
  const visited = new Set<string>();

  function check({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      const condition = selection.directives?.find(({ name }) => /^(skip|include)$/.test(name.value));
      if (condition) {
        const message = 'The field of a subscription cannot be subject to @skip or @include.';
        context.reportError(new GraphQLError(message, { nodes: condition }));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) check(fragment.selectionSet);
    }
  }

  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === OperationTypeNode.SUBSCRIPTION) check(selectionSet);
      return false;
    },
  };
}
