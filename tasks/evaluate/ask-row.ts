/** How a row is put to a model: with the bytes of training where the protocol takes them. */
import type { AskedText, ModelQuestion } from "../../services/Completer.ts"
import { parseChatMl } from "../../services/formats/chat-ml.ts"
import { fencedBlocks } from "../../services/formats/fenced-blocks.ts"
import { withoutThoughts } from "../../services/formats/thoughts.ts"
import { tokensByBytes } from "../../services/next-edit/rows.ts"
import type { ModelSpec } from "./model-spec.ts"
import type { TestRow } from "./test-row.ts"

/** What decides a question, besides its row. */
export interface AskSettings {
  /** Whether gaps are asked by what stands around them, in the server's own layout, as an editor does. */
  readonly asGaps: boolean
  /** Null for twice the right answer and a little more. */
  readonly maxTokens: number | null
  readonly temperature: number
  readonly seed: number
}

/** Tokens beside twice the right answer: room to run on, and to be seen doing it. A chat says other things too. */
const spareTokens = 32
const spareTokensOfChat = 512

const system = "You complete code. Answer with the code that belongs at the mark and nothing else, in one fenced block."
const gapMark = "<GAP>"

/** Returns the question of a row; undefined where the model's protocol has no way to ask it. */
export const questionOf = (row: TestRow, spec: ModelSpec, settings: AskSettings): ModelQuestion | undefined => {
  const asked = askedOf(row, spec, settings)
  return asked === undefined ? undefined : {
    asked,
    maxTokens: settings.maxTokens ??
      2 * tokensByBytes(row.gold) + (asked._tag === "chat" ? spareTokensOfChat : spareTokens),
    stops: row.stops,
    temperature: settings.temperature,
    seed: settings.seed
  }
}

/** A prompt that is written out for a chat is taken apart again, as its server writes it out itself. */
const chatOf = (prompt: string): AskedText => {
  const chat = parseChatMl(prompt)
  return chat === undefined
    ? { _tag: "chat", system: null, user: prompt }
    : { _tag: "chat", system: chat.system, user: chat.user }
}

/** Protocols that fill gaps in a layout of their own, and cannot go on with a text. */
const fillsOnly = (spec: ModelSpec): boolean => spec._tag === "baseline" || spec.protocol === "mistral"

/** A file of answers may hold those of a chat. */
const hasChats = (spec: ModelSpec): boolean =>
  spec._tag === "served" && (spec.protocol === "chat" || spec.protocol === "replay")

/** Protocols that go on with a text, and have no layout of their own to fill a gap in. */
const fillsNone = (spec: ModelSpec): boolean =>
  spec._tag === "served" && (spec.protocol === "vllm" || spec.protocol === "tgi")

/** Why a row is no question for a model. */
export const reasonNotAsked = ({ goal, prompt }: TestRow, spec: ModelSpec): string =>
  goal._tag === "keystrokes"
    ? "keystrokes are asked in a chat, and its protocol has none"
    : goal._tag === "gap" && fillsNone(spec)
    ? `its protocol has no layout for gaps; ${
      prompt === null ? "pass --layout, which names the model's" : "leave out --as-gaps"
    }`
    : "its protocol cannot ask the row"

const askedOf = ({ goal, prompt }: TestRow, spec: ModelSpec, { asGaps }: AskSettings): AskedText | undefined => {
  const gap = goal._tag === "gap" ? goal.gap : undefined
  if (goal._tag === "keystrokes") {
    return prompt !== null && hasChats(spec) ? { _tag: "chat", system: goal.system, user: prompt } : undefined
  }
  if (spec._tag === "served" && spec.protocol === "chat") {
    if (gap !== undefined) {
      return { _tag: "chat", system, user: `${gap.context}${gap.prefix}${gapMark}${gap.suffix}` }
    }
    return prompt === null ? undefined : chatOf(prompt)
  }
  if (fillsOnly(spec) || (asGaps && gap !== undefined) || prompt === null) {
    return gap === undefined || fillsNone(spec)
      ? undefined
      : { _tag: "infill", prefix: gap.context + gap.prefix, suffix: gap.suffix }
  }
  return { _tag: "raw", prompt }
}

/**
 * Returns the code in what a model said: of a chat, its first fenced block behind its thoughts, or all of what stands there
 * where there is none. Thoughts that do not end leave no answer. Keystrokes are looked for in all that was said.
 */
export const codeOfAnswer = (text: string, { asked }: ModelQuestion, { goal }: TestRow): string => {
  if (asked._tag !== "chat" || goal._tag === "keystrokes") return text
  const said = withoutThoughts(text) ?? ""
  const [first] = fencedBlocks(said)
  return first === undefined ? said : first.content.replace(/\n$/, "")
}
