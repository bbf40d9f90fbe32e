/** What answers mean for next edits: the dialect, the model whose tokens it is written in, and the shares. */
import * as Effect from "effect/Effect"
import { presets } from "../../../services/formats/presets.ts"
import { dialectNamed, dialects } from "../../../services/next-edit/dialects/all.ts"
import type { AnswersTo } from "../../shared/asked/asked.ts"
import { WrongUsage } from "../../shared/problems.ts"
import type { asked } from "../asked.ts"
import { type NextEditSettings, usualNoEditShare, usualTargets } from "../settings.ts"
import { usualWrongEdits, type WrongEditShares } from "./wrong-edits.ts"

const wrong = (detail: string) => new WrongUsage({ detail })

/** Returns how next edits are mined, and for which model; null where rows are cut from files. */
export const resolveNextEdits = Effect.fnUntraced(function*(answers: AnswersTo<typeof asked>) {
  const { baseModel, format, mix, source } = answers
  const tuned = baseModel === undefined ? null : presets.get(baseModel)?.nextEdit ?? null
  const dialect = dialectNamed(format ?? tuned ?? "")
  if (dialect === undefined) {
    const flag = onlyForNextEdits.find(([name]) => answers[name] !== undefined)
    if (flag === undefined) return null
    return yield* wrong(
      `Cannot use ${flag[1]} without next edits: pass --format with one of ${
        dialects.map(({ name }) => name).join(", ")
      }`
    )
  }
  if (source === "tree") {
    return yield* wrong(
      `Cannot mine next edits (--format ${dialect.name}) with --source tree: files hold no edits; pass --source history`
    )
  }
  if (mix !== undefined) return yield* wrong(`Cannot mix formats with --format ${dialect.name}: leave out --mix`)
  const warnings: Array<string> = []
  const made = [...presets.values()].find(({ nextEdit }) => nextEdit === dialect.name)
  if (made === undefined) return yield* Effect.dieMessage(`no model answers in "${dialect.name}"`)
  const asked = baseModel === undefined ? undefined : presets.get(baseModel)
  if (asked !== undefined && asked.nextEdit !== dialect.name) {
    // The markers of a dialect are tokens of the model that it was made for.
    if (asked.end !== made.end) {
      return yield* wrong(
        `Cannot write ${dialect.name} for ${asked.name}: it is made of other tokens; leave out --base-model, ` +
          `or pass --base-model ${made.name}`
      )
    }
    warnings.push(`${asked.name} was not tuned on ${dialect.name}; its answers are learned from these rows alone`)
  }
  const nextEdits: NextEditSettings = {
    dialect: dialect.name,
    targets: answers.editTargets === undefined ? usualTargets : { ...noTargets, ...answers.editTargets },
    noEditShare: answers.noEditShare ?? usualNoEditShare,
    history: answers.editHistory ?? 0,
    maxTotalChars: answers.maxTotalChars ?? null,
    wrong: answers.wrongEdits === undefined ? usualWrongEdits : { ...noWrongEdits, ...answers.wrongEdits }
  }
  return { nextEdits, baseModel: asked?.name ?? made.name, warnings }
})

const onlyForNextEdits = [
  ["editTargets", "--edit-targets"],
  ["noEditShare", "--no-edit-share"],
  ["editHistory", "--edit-history"],
  ["wrongEdits", "--wrong-edits"]
] as const

const noTargets: NextEditSettings["targets"] = { "same line": 0, near: 0, far: 0, "other file": 0 }
const noWrongEdits: WrongEditShares = {
  undo: 0,
  "over-edit": 0,
  "wrong place": 0,
  "edit where none is due": 0,
  "none where one is due": 0,
  stale: 0
}

/** What the settings in metadata say of next edits; nothing where none are mined. */
export const recordedNextEdits = (nextEdits: NextEditSettings | null): Readonly<Record<string, unknown>> => {
  if (nextEdits === null) return {}
  const { history, noEditShare, targets, wrong } = nextEdits
  return { editTargets: targets, noEditShare, editHistory: history, wrongEdits: wrong }
}
