/**
 * Ways to spoil a middle so that it still looks like code: each proposes one other text for the middle, from the
 * syntax around it. Whether a proposal is good enough is judged in negatives.ts.
 */
import { spoilArguments } from "./mutations/arguments.ts"
import { negateCondition } from "./mutations/condition.ts"
import { runOn, stopEarly } from "./mutations/extent.ts"
import { swapIdentifier } from "./mutations/identifier.ts"
import { changeLiteral } from "./mutations/literal.ts"
import { swapOperator } from "./mutations/operator.ts"
import { takeOther } from "./mutations/other.ts"
import type { Mutation } from "./mutations/scene.ts"
import { shuffleStatements } from "./mutations/statements.ts"

/** Families by the name that stands in a row's metadata, with their shares. */
export const mutations: ReadonlyMap<string, { readonly share: number; readonly propose: Mutation }> = new Map([
  ["identifier", { share: 20, propose: swapIdentifier }],
  ["operator", { share: 15, propose: swapOperator }],
  ["condition", { share: 10, propose: negateCondition }],
  ["arguments", { share: 10, propose: spoilArguments }],
  ["literal", { share: 10, propose: changeLiteral }],
  ["statements", { share: 10, propose: shuffleStatements }],
  ["early-stop", { share: 10, propose: stopEarly }],
  ["run-on", { share: 10, propose: runOn }],
  ["other", { share: 5, propose: takeOther }]
])
