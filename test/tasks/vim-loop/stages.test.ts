import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as MemorySandbox from "../../../layers/sandbox/MemorySandbox.ts"
import { WorkerLost } from "../../../services/Compute.ts"
import { keysOfText, parseKeysLeniently, printKeys } from "../../../services/keys/keystrokes.ts"
import { noUsage, Predictor, type SolvedEdit } from "../../../services/Predictor.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { type Losses, noLosses } from "../../../tasks/shared/dataset-run/losses.ts"
import { asked } from "../../../tasks/vim-loop/asked.ts"
import { bandOf, changedLines, type LoopEdit, reasonAgainstEdit, textOfReason } from "../../../tasks/vim-loop/edits.ts"
import type { Fault } from "../../../services/keys/fault.ts"
import { nearMisses } from "../../../tasks/vim-loop/near-misses.ts"
import { vimLoopSettingsOf } from "../../../tasks/vim-loop/request.ts"
import { solve } from "../../../tasks/vim-loop/solve.ts"
import { makeRollIn } from "../../../tasks/vim-loop/roll-in.ts"
import { readTurns, renderTurn, type Turn, turnKey } from "../../../tasks/vim-loop/turns.ts"
import { hurried } from "../../support/hurried.ts"

describe("edits", () => {
  it.each([
    ["a\nb\n", "a\nc\n", 1],
    ["a", "b", 1],
    ["a\nb\nc", "a\nc", 1],
    ["a\n", "a\nx\ny\n", 2],
    ["a\nb\nc\nd\n", "A\nb\nc\nD\nE\n", 3],
    ["", "a\n", 1]
  ])("%j to %j changes some lines", (source, target, lines) => assert.strictEqual(changedLines(source, target), lines))

  const limits = { maxLines: 2, maxNesting: 1000, maxChars: 40 }
  it.each([
    ["x = 1\n", "x = 1\n", "trivial: nothing differs"],
    ["  \n", "x = 1\n", "trivial: one side is blank"],
    ["abc", "xyz", "trivial: nothing is kept"],
    ["abc", "abd", undefined],
    ["1\n2\n3\nz\n", "4\n5\n6\nz\n", "more lines than --max-lines"],
    ["x".repeat(41), `${"x".repeat(40)}y`, "longer than --max-chars"]
  ])(
    "%j to %j is worth typing or not",
    (source, target, reason) => {
      const found = reasonAgainstEdit(source, target, changedLines(source, target), limits)
      assert.strictEqual(found && textOfReason(found), reason)
    }
  )

  it("tells sizes by bands", () => {
    assert.deepStrictEqual([1, 2, 5, 6, 20, 21, 50, 51].map(bandOf), [
      "1",
      "2-5",
      "2-5",
      "6-20",
      "6-20",
      "21-50",
      "21-50",
      "51+"
    ])
  })
})

describe("near misses", () => {
  it("spoil commands and leave what is typed", () => {
    for (const text of ["cwwhere<Esc>jdd", "3f(cBwait<Esc>", "41jdd6j2w3swait<Esc>", "A wait<Esc>", ":s/wait/a/<CR>"]) {
      const typed = /where|wait/.exec(text)?.[0] ?? ""
      const found = nearMisses(parseKeysLeniently(text), "id", 6)
      assert.isNotEmpty(found)
      for (const keys of found) assert.include(printKeys(keys), typed)
    }
  })

  const keys = FastCheck.array(FastCheck.oneof(
    FastCheck.constantFrom("<Esc>", "c", "w", "i", "f", "2", ":", "<CR>", "d"),
    FastCheck.fullUnicode().map((character) => keysOfText(character)[0] ?? "x")
  ))
  it.prop("differ from the answer and from one another, and depend on nothing else", { keys }, ({ keys }) => {
    const found = nearMisses(keys, "id", 5).map(printKeys)
    assert.isAtMost(found.length, 5)
    assert.strictEqual(new Set([...found, printKeys(keys)]).size, found.length + 1)
    assert.deepStrictEqual(nearMisses(keys, "id", 5).map(printKeys), found)
  })
})

describe("roll-in", () => {
  const solved = (source: string, target: string, keys: string, language = "go"): SolvedEdit => ({
    source,
    target,
    language,
    keys: parseKeysLeniently(keys)
  })
  const rename = solved("getUser(id)\n", "fetchUser(id)\n", "cefetchUser<Esc>")
  const renameToo = solved("getUser(name)\n", "fetchUser(name)\n", "cwfetchUser<Esc>")
  const remove = solved("a()\nlog()\n", "a()\n", "jdd")
  const other = solved("x = 1\n", "x = 2\n", "<C-a>", "python")

  it("puts the most alike next to the question", () => {
    const { choose } = makeRollIn([other, remove, rename])
    const chosen = choose({ source: "getUser(x)\n", target: "fetchUser(x)\n", language: "go" }, 2)
    assert.strictEqual(chosen.at(-1), rename)
  })

  it("takes the shorter of equals, and shows no two that say the same", () => {
    const long = { ...rename, keys: parseKeysLeniently("ccfetchUser(id)<Esc>") }
    const { choose } = makeRollIn([long, rename, remove, renameToo])
    const chosen = choose({ source: "b(1)\ngetUser(q)\n", target: "b(1)\nfetchUser(q)\n", language: "go" }, 2)
    assert.notInclude(chosen, long)
    assert.notDeepEqual(chosen, [rename, renameToo])
  })

  it("never shows the answer, nor more than it is asked for, and shows something where nothing is alike", () => {
    const { choose } = makeRollIn([rename, remove, other])
    assert.notInclude(choose(rename, 3), rename)
    assert.strictEqual(choose({ source: "qq", target: "zz", language: "lua" }, 2).length, 2)
    assert.deepStrictEqual(choose(rename, 0), [])
    assert.deepStrictEqual(makeRollIn([]).choose(rename, 3), [])
  })

  it("leaves out examples that would fill the prompt", () => {
    const { choose } = makeRollIn([solved("x".repeat(3000), "y".repeat(3000), "dd")])
    assert.deepStrictEqual(choose(rename, 1), [])
  })
})

describe("the journal", () => {
  const turn: Turn = {
    round: 2,
    edit: "0123456789abcdef",
    source: "xy",
    target: "y",
    predictor: "chat m",
    trials: [{ keys: "x<lt>", transform: "x<", keystrokes: 2, fault: { _tag: "wrong text" }, result: "yy" }],
    near_misses: [],
    refused: [{ reason: "malformed answer", count: 1 }],
    requests: 1,
    prompt_tokens: 2,
    completion_tokens: 3
  }

  it("gives back the turns that it was told, and passes over what is none", () => {
    const bytes = Buffer.concat([
      renderTurn(turn),
      Buffer.from("{}\nnot JSON\n"),
      renderTurn({ ...turn, round: 3 }),
      renderTurn(turn).subarray(0, 20)
    ])
    assert.deepStrictEqual([...readTurns(bytes).values()], [turn, { ...turn, round: 3 }])
  })

  it.each<readonly [Fault, string]>([
    [{ _tag: "wrong text" }, "wrong text"],
    [{ _tag: "wrong mode", mode: "no" }, "ends in mode no"],
    [{ _tag: "killed", reason: "memory" }, "killed: memory"],
    [{ _tag: "timed out" }, "timed out"],
    [{ _tag: "crashed" }, "crashed"]
  ])("spells the fault %j as %j", (fault, text) => {
    const trials = [{ keys: "x", transform: "x", keystrokes: 1, fault, result: null }]
    const bytes = renderTurn({ ...turn, trials })
    assert.strictEqual(JSON.parse(Buffer.from(bytes).toString("utf8")).trials[0].fault, text)
    assert.deepStrictEqual(readTurns(bytes).get(turnKey(turn.round, turn.edit))?.trials, trials)
  })
})

describe("an edit whose search loses its thread", () => {
  const edit: LoopEdit = {
    id: "0123456789abcdef",
    source: "a = 1\n",
    target: "a = 12\n",
    language: "python",
    depth: null,
    lines: 1,
    group: "a.py",
    side: "train",
    origin: {
      repo: null,
      filepath: null,
      commit: null,
      parent: null,
      parent_filepath: null,
      commit_message: null,
      span_before: null,
      span_after: null
    }
  }
  const settings = vimLoopSettingsOf(Effect.runSync(answersChosen(asked, {})))
  const ask = { edit, round: 1, examples: [], predictor: "search" }
  /** Loses its thread so often, then answers. */
  const predictorLosing = (times: number) => {
    let tries = 0
    return Layer.succeed(
      Predictor,
      Predictor.of({
        concurrency: 1,
        predict: () =>
          Effect.suspend(() =>
            tries++ < times
              ? new WorkerLost({ job: "predictor.search", detail: "its thread ended" })
              : Effect.succeed({
                candidates: [{ keys: keysOfText("A2").concat("<Esc>"), transform: "A2<Esc>" }],
                refused: {},
                usage: noUsage
              })
          )
      })
    )
  }
  const solved = (times: number, lost: Losses) =>
    hurried(solve(ask, { ...settings, nearMisses: 0 }, lost)).pipe(
      Effect.provide(Layer.merge(predictorLosing(times), MemorySandbox.layer))
    )

  it.effect("is searched again on another", () =>
    Effect.gen(function*() {
      const lost = noLosses()
      const turn = yield* solved(1, lost)
      assert.deepStrictEqual(turn.trials.map(({ fault }) => fault), [null])
      assert.strictEqual(lost.workers, 1)
    }))

  it.effect("is given up after the second, with its reason", () =>
    Effect.gen(function*() {
      const lost = noLosses()
      const turn = yield* solved(2, lost)
      assert.deepStrictEqual(turn.trials, [])
      assert.deepStrictEqual(turn.refused, [{ reason: "lost its worker", count: 1 }])
      assert.strictEqual(lost.workers, 2)
    }))

  it.effect("ends the run where no thread lives", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(solved(2, { workers: 40, gits: 0, workersInARow: 40 }))
      assert.strictEqual(failure._tag, "WorkerLost")
    }))
})
