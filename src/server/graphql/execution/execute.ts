/**
 * Execution of operations that come again and again: as that of graphql-js, whose results it gives to the letter, but
 * what depends on the document alone is found out once and not for each object of each answer. It takes half of the time.
 *
 * What is uncommon goes to graphql-js: a document that is run for the first time, @skip and @include, questions about
 * the schema itself, variables that are not of their types.
 */
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeOnce,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import { type Plan, planOf } from './plan.ts';
import { runPlan } from './run.ts';

// Documents are kept, and so are their nodes.
const plans = new WeakMap<OperationDefinitionNode, Plan | 'uncommon' | 'run once'>();

/** For `execute` of graphql-js. */
export function execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  const plan = args.fieldResolver || args.typeResolver ? undefined : planFor(args);
  const variableValues = plan?.coerceVariables(args.variableValues ?? {});
  return plan && variableValues ? runPlan(plan, args, variableValues) : executeOnce(args);
}

function planFor({ schema, document, operationName }: ExecutionArgs): Plan | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  let plan = plans.get(operation);
  if (plan === undefined) {
    plans.set(operation, 'run once');
    return undefined;
  }
  if (plan === 'run once') {
    plan = planOf(schema, document, operation) ?? 'uncommon';
    plans.set(operation, plan);
  }
  return plan === 'uncommon' ? undefined : plan;
}
