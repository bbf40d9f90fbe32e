import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { declarations } from "../../../tasks/all-tasks.ts"
import { asked as generate } from "../../../tasks/generate/asked.ts"
import { asked as lintseq } from "../../../tasks/lintseq/asked.ts"
import { asked as record } from "../../../tasks/record/asked.ts"
import { arrangeArguments } from "../../../tasks/shared/asked/arguments.ts"
import { type Declaration, flagOf, flagsIn, ownPages, settingsIn } from "../../../tasks/shared/asked/asked.ts"
import { type Call, readCall } from "../../../tasks/shared/asked/call.ts"
import { renderCompletions, shells } from "../../../tasks/shared/asked/completions.ts"
import { renderHelp, renderOwnPage } from "../../../tasks/shared/asked/help.ts"
import { whole } from "../../../tasks/shared/asked/kinds.ts"
import { answersChosen, answersTyped } from "../../../tasks/shared/asked/read.ts"
import { unwrapped } from "../../../tasks/shared/asked/verbatim.ts"
import { renderTable } from "../../../tasks/shared/asked/table.ts"

const called = { program: "retrace", version: "0.0.0", columns: 80 }

/** What a call leads to: its page, its arguments, or its refusal in words. */
const told = (args: ReadonlyArray<string>) =>
  Either.match(readCall(args, declarations, called), {
    onLeft: ({ message }) => message,
    onRight: (call: Call) => (call._tag === "page" ? call.text : call.arguments)
  })

const typedIn = (declaration: Declaration, args: ReadonlyArray<string>) =>
  Either.getOrThrow(arrangeArguments(declaration, args)).map((token) =>
    token.startsWith("\"") ? unwrapped(token) : token
  )

it.each([
  [["repo", "--seed", "3"], ["--seed", "3", "repo"]],
  [["--extensions", ".js", ".py", "repo"], ["--extensions", ".js,.py", "repo"]],
  [["--quiet", "repo", "-j", "2", "other"], ["--quiet", "--concurrency", "2", "repo", "other"]],
  [["--seed=3", "--", "--odd"], ["--seed", "3", "--odd"]],
  [["--quality-filter", "repo"], ["repo"]],
  [["--seed", "-1"], ["--seed", "-1"]]
])("arrangeArguments(%j) is %j", (args, expected) => {
  assert.deepStrictEqual(typedIn(generate, args), expected)
})

it("takes the originals' names of flags", () => {
  assert.deepStrictEqual(
    typedIn(lintseq, ["--name_or_path", "a.jsonl", "--num_edit_paths_per_sample=5", "-c", "8", "--dest_dir", "out"]),
    ["--input", "a.jsonl", "--paths-per-program", "5", "--concurrency", "8", "--dest-dir", "out"]
  )
})

describe("a wrong call", () => {
  it.each([
    [["genrate"], /Cannot run "genrate".*did you mean generate\?/],
    [["generate", "--sede", "3"], /Cannot use --sede.*did you mean --seed\?/],
    [["generate", "--no-such"], /Cannot use --no-such: generate has no such flag/],
    [["generate", "--seed"], /Cannot use --seed without a value/],
    [["generate", "--resume=yes"], /--resume takes no value/],
    [["keys", "stray"], /Cannot use "stray"/],
    [["view", "a", "b"], /Cannot use "b".*one FILE only/],
    [["--seed"], /before a task/],
    [["--completions", "tcsh"], /bash, zsh, fish/]
  ])("%j is told with what was meant", (args, words) => {
    assert.match(String(told(args)), words)
  })

  const refused: ReadonlyArray<readonly [Declaration, Readonly<Record<string, ReadonlyArray<string>>>, RegExp]> = [
    [generate, { repositories: ["."], maxCommits: ["many"] }, /Cannot use --max-commits many: it takes a whole number/],
    [generate, { repositories: ["."], maxCommits: ["0"] }, /--max-commits 0.*at least 1/],
    [generate, { repositories: ["."], maxCommits: [""] }, /--max-commits without a value/],
    [generate, { repositories: ["."], seed: ["1", "2"] }, /--seed 2 times: it takes one value/],
    [generate, { repositories: ["."], startDate: ["2024-02-31"] }, /--start-date 2024-02-31/],
    [generate, { repositories: ["."], baseModel: ["nope"] }, /--base-model nope.*--help models/],
    [generate, { repositories: ["."], baseModel: ["starcodr2"] }, /did you mean starcoder2\?/],
    [generate, { repositories: ["."], format: ["ZEDD"] }, /--format ZEDD.*did you mean ZED\?/],
    [generate, { repositories: ["."], languages: ["python,klingon"] }, /--language klingon/],
    [generate, { repositories: ["."], languages: ["pyton"] }, /--language pyton.*did you mean python\?/],
    [generate, { repositories: ["."], mix: ["PSM"] }, /--mix PSM: it takes shares above 0/],
    [generate, {}, /--repo/],
    [record, { keys: ["x"], interval: ["soon"] }, /--interval soon.*120ms/],
    [record, { keys: ["x"], columns: ["1"] }, /--columns 1.*from 2 to 1000/]
  ]
  it.effect.each(refused)(
    "answers of %s are refused by flag and value",
    ([declaration, typed, words]) =>
      Effect.gen(function*() {
        assert.match((yield* Effect.flip(answersTyped(declaration, typed))).message, words)
      })
  )
})

describe("usual spellings", () => {
  it.effect("are taken on the command line and in the library", () =>
    Effect.gen(function*() {
      const typed = yield* answersTyped(generate, {
        repositories: ["."],
        format: ["psm"],
        languages: ["golang,C++", "py"],
        baseModel: ["Qwen/Qwen2.5-Coder-7B"],
        datasetType: ["KTO", "dpo"]
      })
      const chosen = yield* answersChosen(generate, {
        repositories: ["."],
        format: "PSM",
        languages: ["golang", "C++", "py"],
        baseModel: "Qwen/Qwen2.5-Coder-7B",
        datasetType: ["kto", "dpo"]
      })
      for (const { baseModel, datasetType, format, languages } of [typed, chosen]) {
        assert.deepStrictEqual(
          { baseModel, datasetType, format, languages },
          { baseModel: "qwen2.5-coder", datasetType: ["kto", "dpo"], format: "PSM", languages: ["go", "cpp", "python"] }
        )
      }
    }))

  it.effect("a day stands for its first or its last moment", () =>
    Effect.gen(function*() {
      const { endDate, startDate } = yield* answersChosen(generate, {
        repositories: ["."],
        startDate: "2024-01-31",
        endDate: "2024-01-31"
      })
      assert.deepStrictEqual([startDate, endDate], ["2024-01-31T00:00:00Z", "2024-01-31T23:59:59Z"])
    }))
})

describe("the library", () => {
  it.effect("gets the same defaults as the command line", () =>
    Effect.gen(function*() {
      const typed = yield* answersTyped(generate, { repositories: ["."] })
      const chosen = yield* answersChosen(generate, { repositories: ["."] })
      assert.deepStrictEqual(chosen, typed)
    }))

  it.effect("refuses what the command line refuses, and has no answer of the command line alone", () =>
    Effect.gen(function*() {
      const options = { repositories: ["."], maxCommits: 0 }
      assert.match((yield* Effect.flip(answersChosen(generate, options))).message, /--max-commits 0/)
      assert.match((yield* Effect.flip(answersChosen(generate, { repositories: [] }))).message, /--repo/)
      const sneaked = { repositories: ["."], quiet: true }
      assert.isFalse((yield* answersChosen(generate, sneaked)).quiet)
    }))
})

describe("settings in metadata", () => {
  it.effect("hold what decides the rows, by flag, and no path", () =>
    Effect.gen(function*() {
      const answers = yield* answersTyped(generate, {
        repositories: ["/home/ada/shop"],
        output: ["/tmp/x"],
        seed: ["7"]
      })
      const settings = settingsIn(generate, answers)
      assert.strictEqual(settings["seed"], 7)
      assert.strictEqual(settings["max-commits"], 1000)
      assert.isTrue(settings["quality-filter"])
      assert.notInclude(JSON.stringify(settings), "/")
      for (const name of ["repo", "output", "concurrency", "resume"]) assert.notProperty(settings, name)
    }))
})

describe("help", () => {
  const all = declarations.map((declaration) => [declaration.task, declaration] as const)

  it.each(all)("of %s names every flag with its default, under headings", (_, declaration) => {
    const page = renderHelp(declaration, "retrace", 110)
    for (const [key, question] of flagsIn(declaration)) {
      const own = ownPages.get(question.heading)
      if (own !== undefined) {
        assert.include(page, `--help ${own.topic}`)
        assert.include(renderOwnPage(declaration, own.topic, 110), flagOf(key, question))
        continue
      }
      assert.include(page, flagOf(key, question))
      if (question.alias !== undefined) assert.include(page, `-${question.alias}, `)
    }
    assert.match(page, new RegExp(`^Usage: retrace ${declaration.task} \\[OPTIONS\\]`, "m"))
    assert.notInclude(page, "user-defined")
  })

  it.prop(
    "no line is broken inside a word, nor wider than the terminal",
    { at: FastCheck.nat(all.length - 1), columns: FastCheck.integer({ min: 60, max: 200 }) },
    ({ at, columns }) => {
      const declaration = declarations[at] ?? generate
      const lines = renderHelp(declaration, "retrace", columns).split("\n")
      const wide = renderHelp(declaration, "retrace", 110)
      const words = new Set(wide.split(/\s+/))
      for (const line of lines) {
        assert.isAtMost(line.length, Math.min(columns, 110), line)
        for (const word of line.split(/\s+/)) if (word !== "\\") assert.isTrue(words.has(word), word)
      }
    }
  )

  it("of generate fits 80 lines at 80 columns", () => {
    assert.isAtMost(renderHelp(generate, "pnpm task", 80).trimEnd().split("\n").length, 80)
  })

  it("names a heading that has a page of its own in one line, and lists its flags there", () => {
    const some: Declaration = {
      ...lintseq,
      questions: {
        // All but those of the other page.
        ...Object.fromEntries(
          Object.entries(lintseq.questions).filter(([, { heading }]) => heading !== "Many machines")
        ),
        sparkle: {
          kind: whole({ from: 1 }),
          heading: "Publish",
          alias: "S",
          help: "How much a row sparkles",
          default: 3
        }
      }
    }
    const told = (args: ReadonlyArray<string>) =>
      Either.match(readCall(args, [generate, some, record], called), {
        onLeft: ({ message }) => message,
        onRight: (call: Call) => (call._tag === "page" ? call.text : call.arguments.join(" "))
      })
    const page = told(["lintseq", "--help"])
    assert.notInclude(page, "sparkle")
    assert.notInclude(page, "Publish:")
    assert.match(page, /^ +-h, --help .*\n {6}--help publish +Flags that make a dataset fit to publish$/m)
    const own = `Flags of lintseq that make a dataset fit to publish.

Publish:
  -S, --sparkle <N>  How much a row sparkles [default: 3]
`
    assert.strictEqual(told(["lintseq", "--help", "publish"]), own)
    assert.strictEqual(told(["lintseq", "--seed", "1", "-h", "publish"]), own)
    assert.include(told(["help", "publish"]), own)
    assert.strictEqual(told(["record", "--help", "machines"]), told(["record", "--help"]))
    assert.match(told(["lintseq", "--sparkel", "2"]), /did you mean --sparkle\?/)
    for (const shell of shells) assert.include(renderCompletions(shell, [some], "retrace"), "sparkle")
    assert.include(renderTable(some), "`--sparkle <N>`")
  })

  it("can be asked for before, behind and beside a task, and of what is too long for it", () => {
    const page = told(["generate", "--help"])
    assert.deepStrictEqual(told(["help", "generate"]), page)
    assert.deepStrictEqual(told(["generate", ".", "--seed", "1", "-h"]), page)
    assert.include(String(told(["generate", "--help", "models"])), "deepseek-coder-v2-lite")
    assert.include(String(told(["help", "languages"])), "objective-c")
    for (const { task } of declarations) assert.include(String(told([])), task)
  })
})

describe("the table of flags", () => {
  it.each(declarations.map((declaration) => [declaration.task, declaration] as const))(
    "of %s has a row a question",
    (_, declaration) => {
      const table = renderTable(declaration)
      for (const [key, question] of flagsIn(declaration)) assert.include(table, `\`${flagOf(key, question)}`)
      for (const line of table.split("\n").filter((line) => line.startsWith("|"))) {
        assert.strictEqual(line.replaceAll("\\|", "").split("|").length, 6, line)
      }
    }
  )
})
