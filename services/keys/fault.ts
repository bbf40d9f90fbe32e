/** What is wrong with how keystrokes ended, as a value; in the journal and in rows it is a text. */
import * as Schema from "effect/Schema"
import { isDone, isSolved, type Outcome } from "./outcome.ts"

/** Faults that have no details. */
const Plain = Schema.Literal("wrong text", "timed out", "crashed")
const Killed = Schema.TemplateLiteralParser("killed: ", Schema.Literal("memory", "output", "processes"))
const WrongMode = Schema.TemplateLiteralParser("ends in mode ", Schema.String)

/** A fault, encoded as its text. */
export const Fault = Schema.Union(
  Schema.transform(Plain, Schema.Struct({ _tag: Plain }), {
    decode: (_tag) => ({ _tag }),
    encode: ({ _tag }) => _tag
  }),
  Schema.transform(Killed, Schema.Struct({ _tag: Schema.Literal("killed"), reason: Killed.params[1] }), {
    decode: ([, reason]) => ({ _tag: "killed", reason } as const),
    encode: ({ reason }) => ["killed: ", reason] as const
  }),
  Schema.transform(WrongMode, Schema.Struct({ _tag: Schema.Literal("wrong mode"), mode: Schema.String }), {
    decode: ([, mode]) => ({ _tag: "wrong mode", mode } as const),
    encode: ({ mode }) => ["ends in mode ", mode] as const
  })
)
/** How an attempt failed; "wrong mode" has the right text, but leaves Vim in the middle of something. */
export type Fault = typeof Fault.Type

/** Returns the text that stands for a fault in rows, rounds and the journal. */
export const textOfFault = Schema.encodeSync(Fault)

/** Returns what is wrong with how an attempt ended, or null. */
export const faultOf = (outcome: Outcome, target: string): Fault | null => {
  if (isDone(outcome, target)) return null
  switch (outcome._tag) {
    case "finished":
      return isSolved(outcome, target) ? { _tag: "wrong mode", mode: outcome.mode } : { _tag: "wrong text" }
    case "left":
      return { _tag: "wrong text" }
    case "killed":
      return { _tag: "killed", reason: outcome.reason }
    case "timed out":
    case "crashed":
      return { _tag: outcome._tag }
  }
}

/** Whether there is something to learn from a fault: Vim took all keys, but they were the wrong ones. */
export const isMiss = (fault: Fault | null): boolean => fault?._tag === "wrong text" || fault?._tag === "wrong mode"
