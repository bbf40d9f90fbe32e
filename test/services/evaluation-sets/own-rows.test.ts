import { assert, describe, it } from "@effect/vitest"
import { readEvaluationRow } from "../../../services/evaluation-sets/sets.ts"
import { cutAtStops } from "../../../layers/completer/gather.ts"
import type { EditRow, EvaluationRow, InfillRow } from "../../../services/evaluation-sets/row.ts"
import { baseModels } from "../../../services/formats/base-models.ts"
import { renderChatMl } from "../../../services/formats/chat-ml.ts"
import { placeContext } from "../../../services/formats/context-style.ts"
import { renderInfill } from "../../../services/formats/infill.ts"
import { type Order, type Preset, presets } from "../../../services/formats/presets.ts"
import { beginOfPrompt, endOfCompletion, endOfText, type Trainer } from "../../../services/formats/trainers.ts"
import { renderEditableRegion, renderZed } from "../../../services/formats/zed.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import type { RowMetadata } from "../../../services/rows/row-metadata.ts"
import type { Place } from "../../../services/rows/shape.ts"
import { datasetShapes, type DatasetType } from "../../../services/rows/shapes.ts"
import { scoreAnswer } from "../../../tasks/evaluate/score-answer.ts"
import { testRowOf } from "../../../tasks/evaluate/test-row.ts"

const metadata: RowMetadata = {
  repo: "example.com/o/n",
  filepath: "src/area.py",
  language: "python",
  commit: "c1",
  parent: "c0",
  parent_filepath: "src/area.py",
  commit_message: "",
  date: "2024-05-06T07:08:09Z",
  kind: "statement",
  span: [0, 1],
  group: "src",
  negative: "",
  license: "",
  redacted: false,
  format: "PSM",
  context_chars: 0,
  prefix_cut: 0,
  suffix_cut: 0,
  answer_in_prompt: false,
  answer_in_context: false,
  complexity: 1
}

const [prefix, middle, suffix] = ["def area(w, h):\n    return ", "w * h", "\n\nprint(area(2, 3))\n"]
const types: ReadonlyArray<DatasetType> = ["fim", "sft", "kto", "dpo"]
const trainers: ReadonlyArray<Trainer> = ["trl", "axolotl", "llama-factory"]

const placeOf = (
  preset: Preset,
  trainer: Trainer,
  asked: Pick<Place, "prompt" | "completion" | "context" | "metadata" | "prefix" | "middle" | "suffix">,
  wrong: string,
  endsItself: boolean
): Place => {
  const end = endOfCompletion(trainer, preset, endsItself)
  return {
    ...asked,
    completion: asked.completion + end,
    begunPrompt: beginOfPrompt(preset, asked.prompt) + asked.prompt,
    text: asked.prompt + asked.completion + endOfText(trainer, preset, endsItself),
    negative: { completion: wrong + end, operator: "other name" }
  }
}

/** Scores the answer that a row itself holds, with its end token, as one that a model gave. */
const scoreOfOwn = (read: EvaluationRow, text: string): number | undefined => {
  const row = testRowOf(read, { place: "rows:1", isWhole: false, format: "", layout: null, cutoff: null })
  if ("reason" in row) return undefined
  const given = cutAtStops({ text, ended: "stop" }, row.stops)
  return scoreAnswer(row, { text: given.text, isCutOff: false }, { countErrors: () => undefined, trialOf: () => null })
    .scores.exact
}

describe("our own rows that fill a gap", () => {
  const cases = [...presets.values()].flatMap((preset) =>
    Object.keys(preset.layouts).map((order) => [preset.name, order, preset] as const)
  )

  it.each(cases)("of %s, in %s", (_, order, preset) => {
    for (const context of ["", "# unit.py\nM = 1\n\n"]) {
      const placed = placeContext(preset, context, { path: metadata.filepath, repository: metadata.repo })
      const infill = {
        prefix: placed.beforePrefix + prefix,
        suffix,
        middle,
        path: metadata.filepath,
        language: "python"
      }
      const rendered = renderInfill(preset, order as Order, infill)
      const asked = {
        prompt: placed.beforePrompt + rendered.prompt,
        completion: rendered.completion,
        prefix,
        middle,
        suffix,
        context,
        metadata: { ...metadata, format: order, context_chars: context.length }
      }
      for (const trainer of trainers) {
        for (const type of types) {
          const place = placeOf(preset, trainer, asked, "w + h", false)
          for (const { answer, row } of datasetShapes[type].rowsOf(place, trainer)) {
            const read = readEvaluationRow(JSON.parse(JSON.stringify(row)))
            if (answer === "unwanted") {
              assert.deepStrictEqual(read, { _tag: "refused", reason: "the answer is not the wanted one" })
              continue
            }
            assert.strictEqual(read._tag, "infill", JSON.stringify([type, trainer, row, read]))
            assert.deepInclude(read as InfillRow, {
              prefix,
              suffix,
              gold: middle,
              prompt: asked.prompt,
              context: context === "" ? [] : [{ path: "", text: context }],
              contextChars: context.length,
              group: "src",
              path: "src/area.py",
              language: "python",
              commit: "c1",
              kind: "statement",
              date: "2024-05-06T07:08:09Z"
            }, `${type} for ${trainer}`)
            const own = type === "fim" ? place.text.slice(asked.prompt.length) : place.completion
            assert.strictEqual(scoreOfOwn(read as InfillRow, own), 1, `${type} for ${trainer}: ${own}`)
          }
        }
      }
    }
  })
})

const before = "def area(w):\n    return w\nprint(area(2))\n"
const now = "def area(w, h):\n    return w\nprint(area(2))\n"
const wanted = now.replace("return w\n", "return w * h\n")
const example = {
  file: { path: "src/area.py", text: now },
  cursor: now.indexOf("return w") + "return w".length,
  events: [{ path: "src/area.py", before, after: now }],
  related: [{ path: "src/unit.py", text: "M = 1\n", from: 0, to: 1, fileLines: 1 }],
  ancestors: [],
  wanted,
  wantedCursor: null
}

const presetOfDialect = (name: string): Preset => {
  const preset = [...presets.values()].find(({ nextEdit }) => nextEdit === name)
  assert.isDefined(preset)
  return preset ?? [...presets.values()][0]!
}

const endedBy = (completion: string, preset: Preset): string =>
  completion.endsWith(preset.end) ? completion.slice(0, -preset.end.length) : completion

it("a token of another model in a right answer ends no answer", () => {
  const prompt = "<|fim_prefix|>end = <|fim_suffix|>\n<|fim_middle|>"
  const read = readEvaluationRow({ prompt, completion: "\"<eos>\"", metadata: { ...metadata, context_chars: 0 } })
  assert.strictEqual(read._tag, "infill")
  assert.strictEqual(scoreOfOwn(read as InfillRow, "\"<eos>\"<|endoftext|>"), 1)
})

describe("our own rows of next edits", () => {
  it.each(dialects.map((dialect) => [dialect.name, dialect] as const))("of %s", (name, dialect) => {
    const right = dialect.render(example)
    const wrong = dialect.render({ ...example, wanted: now })
    assert.isTrue(right._tag === "rendered" && wrong._tag === "rendered")
    if (right._tag !== "rendered" || wrong._tag !== "rendered") return
    const { completion, region, system } = right.rendered
    const prompt = system === null ? right.rendered.prompt : renderChatMl({ system, user: right.rendered.prompt })
    const preset = presetOfDialect(name)
    const seen = dialect.read(prompt)
    const asked = {
      prompt,
      completion: endedBy(completion, preset),
      prefix: seen?.above ?? "",
      middle: wanted.slice(region.start, wanted.length - (now.length - region.end)),
      suffix: seen?.below ?? "",
      context: "",
      metadata: { ...metadata, format: name, kind: "same line" }
    }
    for (const trainer of trainers) {
      for (const type of types) {
        const place = placeOf(preset, trainer, asked, endedBy(wrong.rendered.completion, preset), true)
        for (const { answer, row } of datasetShapes[type].rowsOf(place, trainer)) {
          const read = readEvaluationRow(JSON.parse(JSON.stringify(row)))
          if (answer === "unwanted") {
            assert.strictEqual(read._tag, "refused")
            continue
          }
          assert.strictEqual(read._tag, "edit", JSON.stringify([type, trainer, row, read]))
          const edit = read as EditRow
          const shown = `${seen?.above}${seen?.region}${seen?.below}`
          assert.strictEqual(edit.moment.file.text, shown)
          assert.deepStrictEqual(edit.wanted, [shown.replace("return w\n", "return w * h\n")], `${type} for ${trainer}`)
          assert.strictEqual(edit.rejected, type === "dpo" ? shown : null)
          assert.strictEqual(edit.asked?.dialect, name)
          assert.strictEqual(edit.asked?.shown.prompt, prompt)
          assert.deepInclude(edit, { kind: "same line", group: "src", language: "python" })
          const own = type === "fim" ? place.text.slice(prompt.length) : place.completion
          assert.strictEqual(scoreOfOwn(edit, own), 1, `${type} for ${trainer}: ${own}`)
        }
      }
    }
  })

  it("of ZED, with other files in the prompt", () => {
    const context = "# unit.py\nM = 1\n"
    const zed = renderZed({
      path: "src/area.py",
      events: [{ _tag: "edited", path: "src/area.py", diff: "@@ -1,1 +1,1 @@\n-def area(w):\n+def area(w, h):" }],
      startsFile: true,
      before: "",
      region: "def area(w, h):\n    return w",
      cursor: "def area(w, h):\n    return w".length,
      after: "\nprint(area(2))",
      rewritten: "def area(w, h):\n    return w * h"
    }, context)
    const read = readEvaluationRow({
      prompt: zed.prompt,
      chosen: zed.completion,
      rejected: renderEditableRegion("def area(w, h):\n    return h"),
      metadata: { ...metadata, format: "ZED", context_chars: context.length }
    })
    assert.strictEqual(read._tag, "edit", JSON.stringify(read))
    assert.deepInclude(read, {
      wanted: ["def area(w, h):\n    return w * h\nprint(area(2))"],
      rejected: "def area(w, h):\n    return h\nprint(area(2))",
      contextChars: context.length
    })
    assert.strictEqual((read as EditRow).moment.events.length, 1)
    assert.strictEqual((read as EditRow).asked?.shown.prompt, zed.prompt)
  })
})

describe("rows that cannot be asked", () => {
  it.each([
    ["the prompt has the tokens of no model", { prompt: "a", completion: "b" }],
    ["no prompt and answer in the row", { text: "<|fim_prefix|>a", prefix: "a", middle: "b", suffix: "c" }],
    ["a row of no set that we know", {
      messages: [{ role: "user", content: "a" }, { role: "assistant", content: "b" }]
    }]
  ])("%s", (reason, row) => assert.deepStrictEqual(readEvaluationRow(row), { _tag: "refused", reason }))

  it("know the models that there are", () => assert.isAbove(baseModels.size, 10))
})
