import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { measureFacts } from "../../../services/measures/limits.ts"
import { measures } from "../../../services/measures/score.ts"
import type { NumberedRow } from "../../../services/Reader.ts"
import { makeSampleDrawer } from "../../../tasks/report/draw-samples.ts"
import { stagesIn } from "../../../tasks/report/funnel.ts"
import { madeAgain } from "../../../tasks/report/made-again.ts"
import { sampleInMarkdown } from "../../../tasks/report/samples.ts"
import { percent } from "../../../tasks/report/wording.ts"
import { noProvenance } from "../../../tasks/shared/provenance.ts"

describe("the funnel", () => {
  it("has a place for every stage that a task counts", () => {
    const root = join(import.meta.dirname, "../../../tasks")
    const counted = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        [
          ...readFileSync(join(root, file), "utf8")
            .matchAll(/(?:keep|leaveOut|takeBack)\((?:output\.)?ledger, "([^"]+)"/g)
        ].map(([, stage = ""]) => stage)
      )
    assert.isAbove(new Set(counted).size, 8)
    // A stage without a place of its own would stand behind the rows.
    const known = stagesIn(
      Object.fromEntries([...counted, "unknown"].map((stage) => [stage, { came: 1, kept: 1, leftOut: {} }]))
    )
      .map(({ name }) => name)
    assert.deepStrictEqual(known.slice(-2), ["rows", "unknown"])
  })
})

it("the README names the usual threshold of every measure", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../tasks/report/README.md"), "utf8")
  for (const measure of measures) {
    assert.match(page, new RegExp(`^\\| \`${measure}\` \\| .* \\| ${percent(measureFacts[measure].limit)} \\|$`, "m"))
  }
})

describe("samples", () => {
  const rows = Array.from({ length: 400 }, (_, index): NumberedRow => {
    const value = { prompt: `question ${index % 200}`, completion: `answer ${index}`, label: index < 200 }
    return { index, row: { _tag: "row", value, text: JSON.stringify(value) } }
  })
  const draw = (some: ReadonlyArray<NumberedRow>) => {
    const drawer = makeSampleDrawer("f", 7)
    for (const one of some) drawer.add(one, `question ${one.index % 200}`)
    return drawer.result()
  }

  it("come with the other answer to their question, wherever it stands", () => {
    const drawn = draw(rows)
    assert.strictEqual(drawn.length, 7)
    for (const { index, other } of drawn) assert.deepInclude(other, { prompt: `question ${index % 200}`, label: false })
    const questions = (some: typeof drawn) => some.map(({ index }) => index % 200).sort()
    assert.deepStrictEqual(questions(draw(rows.toReversed())), questions(drawn))
  })

  it("are all rows where there are few, and none where none are asked for", () => {
    assert.strictEqual(draw(rows.slice(0, 3)).length, 3)
    const none = makeSampleDrawer("f", 0)
    none.add({ index: 0, row: { _tag: "row", value: 1, text: "1" } }, undefined)
    assert.deepStrictEqual(none.result(), [])
  })
})

describe("a row in the card", () => {
  const shownAs = (value: unknown) =>
    sampleInMarkdown({
      file: "f",
      index: 0,
      row: { _tag: "row", value, text: JSON.stringify(value) },
      other: undefined
    })

  it("says which of two answers is wanted", () => {
    assert.strictEqual(
      shownAs({ prompt: "p", chosen: "a", rejected: "b" }),
      "Chosen and rejected (`+` is chosen, `-` is rejected):\n\n```diff\n+ a\n- b\n```"
    )
  })

  it("shows the keys that do an edit, too", () => {
    assert.strictEqual(
      shownAs({ source: "a", target: "b", keys: "rb" }),
      "Edit (`-` is before, `+` is after):\n\n```diff\n- a\n+ b\n```\n\nKeys:\n\n```diff\n+ rb\n```"
    )
  })

  it("says that the last of many states is shown", () => {
    const edit_path = ["@@ -0,0 +1,1 @@\n+a", "@@ -1,0 +2,1 @@\n+b"]
    assert.match(shownAs({ edit_path }), /^The last of 2 states \(`-` is before, `\+` is after\):\n\n```diff\n/)
  })
})

describe("the command that makes a dataset again", () => {
  const made = (more: Partial<typeof noProvenance>) => madeAgain({ ...noProvenance, ...more })

  it("pins the commit of one repository, and tells those of several", () => {
    const repositories = [
      { repository: "github.com/pallets/flask", commit: "a1" },
      { repository: "cobra", commit: "b2" }
    ]
    assert.deepStrictEqual(
      made({ task: "generate", repositories: repositories.slice(0, 1), settings: { rev: "HEAD" } }),
      {
        command: "retrace generate --repo https://github.com/pallets/flask --rev a1",
        notes: []
      }
    )
    const both = made({ task: "generate", repositories, settings: { seed: 7 } })
    assert.strictEqual(both?.command, "retrace generate --repo https://github.com/pallets/flask --repo cobra --seed 7")
    assert.match(both?.notes.join(" ") ?? "", /a1 of github\.com\/pallets\/flask and b2 of cobra.*was a folder/)
  })

  it("names the file or the folder that was read, and how rows were written", () => {
    const read = { kind: "file", name: "it's.jsonl", samples: 5 } as const
    assert.strictEqual(
      made({ task: "lintseq", read, format: { kind: "parquet", shardRows: 9 } })?.command,
      "retrace lintseq --input 'it'\\''s.jsonl' --samples 5 --output-format parquet --shard-rows 9"
    )
    assert.isNull(made({ task: null }))
  })
})

it.each([[0, "0 %"], [1, "100 %"], [0.0004, "0.04 %"], [0.051, "5.1 %"], [0.99987, "99.99 %"]])(
  "a share of %d is told as %s",
  (share, told) => assert.strictEqual(percent(share), told)
)
