/** What documents must keep to beyond the rules of graphql-js. */
import {
  type DocumentNode,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { subscriptionRootRule } from './subscription-root.ts';

/** @param introspection whether the schema can be asked for */
export function useRules(introspection: boolean): Plugin {
  return {
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(subscriptionRootRule);
      if (introspection) return;
      addValidationRule(NoSchemaIntrospectionCustomRule);
      // "Did you mean …" would give the schema away, name by name.
      setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[]) =>
        validate(schema, document, rules, { hideSuggestions: true }),
      );
    },
  };
}
