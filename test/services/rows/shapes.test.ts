import { assert, describe, it } from "@effect/vitest"
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
import { trainerNames } from "../../../services/formats/trainers.ts"
import { attempt } from "../../../services/rows/attempt.ts"
import { chatDpo, chatDpoRow } from "../../../services/rows/chat-dpo.ts"
import { chatKto, chatKtoRow } from "../../../services/rows/chat-kto.ts"
import { chat, chatRow } from "../../../services/rows/chat.ts"
import { editPath, editPathRow } from "../../../services/rows/edit-path.ts"
import { isFields } from "../../../services/rows/fields.ts"
import { other } from "../../../services/rows/other.ts"
import { rejected, rejectedPlaceRow, rejectedProgramRow } from "../../../services/rows/rejected.ts"
import type { RowMetadata } from "../../../services/rows/row-metadata.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { segments } from "../../../services/rows/segments.ts"
import { sftColumns } from "../../../services/rows/sft.ts"
import type { Place, RowShape } from "../../../services/rows/shape.ts"
import { datasetShapes, datasetTypes, shapeOf, shapes, tableShapes, vimShapes } from "../../../services/rows/shapes.ts"
import { placeOf, poolsOf, sideOfFile, tableNamed } from "../../../services/rows/tables.ts"
import { plainText } from "../../../services/rows/text.ts"
import { transform, transformRow } from "../../../services/rows/transform.ts"
import type { VimMetadata } from "../../../services/rows/vim-metadata.ts"

const metadata: RowMetadata = {
  repo: "shop",
  filepath: "a.py",
  language: "python",
  commit: "",
  parent: "",
  parent_filepath: "",
  commit_message: "",
  date: "",
  kind: "expression",
  span: [4, 5],
  group: "shop:a.py",
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

const place: Place = {
  prompt: "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>",
  completion: "1",
  begunPrompt: "<s><|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>",
  text: "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>1<|endoftext|>",
  prefix: "x = ",
  middle: "1",
  suffix: "\n",
  context: "",
  metadata,
  negative: { completion: "2", operator: "number" }
}

const vim: VimMetadata = {
  edit: "0123456789abcdef",
  repo: "shop",
  filepath: "a.py",
  language: "python",
  commit: "",
  parent: "",
  parent_filepath: "",
  commit_message: "",
  span_before: [0, 1],
  span_after: [0, 1],
  depth: "statement",
  lines: 1,
  group: "shop:a.py",
  round: 1,
  predictor: "search",
  keystrokes: 2,
  vim_options: "defaults",
  negative: ""
}
const question = [{ role: "user", content: "Make it b" }]
const answer = (content: string) => [{ role: "assistant", content }]

/** Rows as their writers make them, by the shape that they are to be known by. */
const made: ReadonlyArray<readonly [RowShape, unknown]> = [
  ...Object.values(datasetShapes).flatMap((shape) =>
    shape.rowsOf(place, "trl").map(({ row }) => [shape, row] as const)
  ),
  [
    transform,
    transformRow({
      source: "a",
      target: "b",
      transform: "rb",
      keys: "rb",
      keystrokes: 2,
      depth: "statement",
      language: "python",
      round: 1,
      predictor: "search",
      rank: 1,
      metadata: vim
    })
  ],
  [chat, chatRow({ messages: [...question, ...answer("rb")], metadata: vim })],
  [chatKto, chatKtoRow({ prompt: question, completion: answer("rb"), label: true, metadata: vim })],
  [chatDpo, chatDpoRow({ prompt: question, chosen: answer("rb"), rejected: answer("ra"), metadata: vim })],
  [editPath, editPathRow(["@@ -0,0 +1 @@\n+a"], { index: 0, source_file: "a.py", source_response: "a" })],
  [
    attempt,
    {
      round: 1,
      edit: "0123456789abcdef",
      source: "a",
      target: "b",
      predictor: "search",
      trials: [{ keys: "rb", transform: "rb", keystrokes: 2, fault: null, result: null }],
      near_misses: [{ keys: "rc", transform: "rc", keystrokes: 2, fault: "wrong text", result: "c" }],
      refused: [],
      requests: 1,
      prompt_tokens: 0,
      completion_tokens: 0
    }
  ],
  [segments, { ...sftColumns("axolotl", place.prompt, place.completion), metadata }],
  [rejected, rejectedPlaceRow("blank", " ", metadata)],
  [rejected, rejectedProgramRow("empty", { index: 0, source_file: "a.py" })],
  [plainText, { text: "x = 1\n" }],
  [other, { id: 1 }]
]

describe("row shapes", () => {
  it("all have a row here", () => {
    assert.deepStrictEqual(shapes.filter((shape) => !made.some(([of]) => of === shape)).map(({ name }) => name), [])
  })

  for (const [shape, row] of made) {
    it(`${shape.name}: ${JSON.stringify(row).slice(0, 40)}… is of its schema, and known, shown and measured as it is`, () => {
      Schema.decodeUnknownSync(shape.schema)(row, { onExcessProperty: "error" })
      assert.strictEqual(shapeOf(row), shape)
      const { facts, sections } = viewOf(row)
      assert.strictEqual(viewOf(row).shape, shape.name)
      assert.isNotEmpty([...facts, ...sections])
      if (!isFields(row)) return
      // Whatever a row holds is shown once: in a section, or as a fact.
      const { shown } = shape.view(row)
      for (const name of Object.keys(row)) {
        const isFact = facts.some(([fact]) => fact === name || fact.startsWith(`${name}.`))
        assert.isTrue(name === "metadata" || shown.includes(name) !== isFact, name)
      }
      const asked = shape.asked?.(row)
      assert.strictEqual(asked === undefined, shape.asked === null)
      if (asked !== undefined) {
        assert.isNotEmpty(asked.prompt)
        assert.isNotEmpty(asked.wanted ?? asked.unwanted)
      }
    })
  }

  it("tell wanted from unwanted, by label or side by side", () => {
    const askedOf = (type: keyof typeof datasetShapes) =>
      datasetShapes[type].rowsOf(place, "trl").map(({ row }) => datasetShapes[type].asked?.(row))
    const { prompt } = place
    assert.deepStrictEqual(askedOf("sft"), [{ prompt, wanted: "1", unwanted: undefined }])
    assert.deepStrictEqual(askedOf("kto"), [
      { prompt, wanted: "1", unwanted: undefined },
      { prompt, wanted: undefined, unwanted: "2" }
    ])
    assert.deepStrictEqual(askedOf("dpo"), [{ prompt, wanted: "1", unwanted: "2" }])
    assert.deepStrictEqual(askedOf("fim"), [{ prompt: "x = \u0000\n", wanted: "1", unwanted: undefined }])
    for (const type of ["kto", "dpo"] as const) {
      const [last] = datasetShapes[type].rowsOf(place, "trl").slice(-1)
      assert.strictEqual(viewOf(last?.row).facts.find(([name]) => name === "negative")?.[1], "number")
      assert.strictEqual(datasetShapes[type].rowsOf({ ...place, negative: null }, "trl").length, type === "kto" ? 1 : 0)
    }
  })

  it("are written in the columns of every trainer that reads them", () => {
    for (const trainer of trainerNames) {
      for (const type of datasetTypes) {
        for (const { row } of datasetShapes[type].rowsOf(place, trainer)) {
          const known = trainer === "axolotl" && type === "sft" ? segments.name : type
          assert.strictEqual(shapeOf(row).name, known, `${type} for ${trainer}`)
          assert.strictEqual(Object.keys(row).at(-1), "metadata")
        }
      }
    }
  })
})

describe("tables", () => {
  it("have no column that is null in one file and text in another", () => {
    for (const { name, schema } of tableShapes) {
      assert.notInclude(JSON.stringify(JSONSchema.make(schema)), "\"null\"", name)
    }
  })

  it.each([
    ["train", "val", "fim", "validation"],
    ["train_sft", "val_sft", "sft", "validation"],
    ["train_kto", "test_kto", "kto", "test"],
    ["train_dpo", "test_dpo", "dpo", "test"],
    ["transforms", "test_transforms", "transforms", "test"],
    ["sft", "test_sft", "sft", "test"],
    ["kto", "test_kto", "kto", "test"],
    ["dpo", "test_dpo", "dpo", "test"]
  ])("%s and %s are told apart by their names", (train, held, config, split) => {
    assert.isTrue(tableShapes.some(({ files }) => files.train === train && files.held === held))
    for (const ending of [".jsonl", ".parquet", "-00001-of-00012.parquet"]) {
      assert.deepStrictEqual(placeOf(train + ending), { config, split: "train" })
      assert.deepStrictEqual(placeOf(held + ending), { config, split })
      assert.strictEqual(sideOfFile(train + ending), "train")
      assert.strictEqual(sideOfFile(held + ending), "held")
    }
  })

  it("are as many as shapes have, no two of one task with one name", () => {
    assert.strictEqual(tableShapes.length, 8)
    for (const group of [Object.values(datasetShapes), vimShapes]) {
      const names = group.flatMap(({ files }) => Object.values(files)).map(tableNamed)
      assert.strictEqual(new Set(names).size, names.length)
    }
    assert.deepStrictEqual(poolsOf("labels", "kto"), ["kto.wanted", "kto.unwanted"])
    assert.deepStrictEqual(poolsOf("pairs", "dpo"), ["dpo"])
  })
})
