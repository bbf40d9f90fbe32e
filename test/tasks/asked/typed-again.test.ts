import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { type Declaration, settingsIn } from "../../../tasks/shared/asked/asked.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { readCall } from "../../../tasks/shared/asked/call.ts"
import { flagsFor, typedInShell } from "../../../tasks/shared/asked/typed-again.ts"
import { asked as generate } from "../../../tasks/generate/asked.ts"
import { asked as lintseq } from "../../../tasks/lintseq/asked.ts"
import { asked as vimLoop } from "../../../tasks/vim-loop/asked.ts"

it.effect.each(
  [
    [generate, { repositories: ["r"] }, []],
    [
      generate,
      { repositories: ["r"], qualityFilter: false, datasetType: ["kto", "dpo"], seed: 7, startDate: "2024-01-31" },
      ["--start-date", "2024-01-31T00:00:00Z", "--dataset-type", "kto,dpo", "--seed", "7", "--no-quality-filter"]
    ],
    [generate, { repositories: ["r"], mix: { PSM: 0.25, SPM: 0.75 } }, ["--mix", "PSM=0.25,SPM=0.75"]],
    [lintseq, { promptField: null, codeField: "code" }, ["--prompt-field", "None", "--code-field", "code"]],
    [vimLoop, { languages: ["go"], rounds: 5 }, ["--language", "go", "--rounds", "5"]]
  ] as ReadonlyArray<readonly [Declaration, Readonly<Record<string, unknown>>, ReadonlyArray<string>]>
)(
  "settings are typed again by the flags that differ from the defaults: %#",
  ([declaration, choices, flags]) =>
    Effect.gen(function*() {
      const answers = yield* answersChosen(declaration, choices as never)
      const typed = flagsFor(declaration, settingsIn(declaration, answers as never))
      assert.deepStrictEqual(typed, flags)
      const call = readCall([declaration.task, ...typed], [declaration], {
        program: "retrace",
        version: "",
        columns: 80
      })
      assert.isTrue(Either.isRight(call))
    })
)

it("a file is named by its placeholder, and what was not asked for is left out", () =>
  assert.deepStrictEqual(
    flagsFor(generate, { tokenizer: "0123456789abcdef", rejected: true, "include-path": null, mix: null }),
    ["--tokenizer", "FILE", "--rejected", "FILE"]
  ))

it("words that a shell would take apart stand in quotes", () =>
  assert.strictEqual(typedInShell(["a", "it's b", "x=1,2"]), "a 'it'\\''s b' x=1,2"))
