import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commentStyle } from "../../../services/formats/context-style.ts"
import { contextLayers, watchedContexts } from "../../support/project-contexts.ts"
import { makeRepository, type TestRepository } from "../../support/repository.ts"

let repository: TestRepository
/** Commits of two branches in turn: what history looks like where fixes go to several releases. */
const commits: Array<string> = []

const fileCount = 12
const module = (at: number, branch: string, times: number) =>
  `def helper_${at}(order):\n    return order.amount_${branch} * ${at}\n\n\n` +
  Array.from(
    { length: times },
    (_, time) => `def later_${time}(order):\n    return helper_${at}(order) + ${time}\n\n\n`
  )
    .join("")

beforeAll(() => {
  repository = makeRepository("branches")
  for (let at = 0; at < fileCount; at++) repository.write(`lib/m${at}.py`, module(at, "main", 0))
  repository.commit("start")
  repository.git("branch", "old")
  for (let time = 1; time <= 4; time++) {
    for (const branch of ["main", "old"]) {
      repository.git("checkout", "--quiet", branch)
      if (time === 1) {
        for (let at = 0; at < fileCount; at++) repository.write(`lib/m${at}.py`, module(at, branch, 0))
      }
      repository.write("lib/m0.py", module(0, branch, time))
      commits.push(repository.commit(`${branch} ${time}`))
    }
  }
})
afterAll(() => repository.dispose())

const ask = (place: string) => ({
  path: "shop.py",
  aliases: [],
  prefix: `from lib.m0 import helper_0\n\ndef total(order):\n    return helper_0(order) + ${place}`,
  suffix: "\n",
  budget: 4096,
  holds: 4096,
  sources: ["signatures", "chunks"] as const,
  style: commentStyle("#")
})

describe("the context of a history", () => {
  it.scoped("reads each version of a file once, however often history goes back and forth", () =>
    Effect.gen(function*() {
      const { contextAt, work } = yield* watchedContexts
      const at = (commit: string) =>
        contextAt({ location: repository.path, commit, includePaths: [], excludedPaths: [], mostFiles: 1000 })
      const answers: Array<string> = []
      for (const commit of commits) answers.push((yield* at(commit)).context(ask("later_")).text)
      // The first version of each file on either branch, where main's did not change it; then one a commit.
      const { counted, read, recalled } = work()
      assert.isAtMost(read, 2 * fileCount + commits.length)
      assert.isAtMost(counted, 2 * fileCount + 2 * commits.length)
      // Seven moves between the branches, each of all files but the one that the commit wrote.
      assert.isAtLeast(recalled, (commits.length - 2) * (fileCount - 1))
      assert.include(answers[6], "later_3")
      assert.include(answers[6], "amount_main")
      assert.include(answers[7], "amount_old")

      for (const [place, commit] of [...commits.entries()].toReversed()) {
        assert.strictEqual((yield* at(commit)).context(ask("later_")).text, answers[place])
      }
      assert.deepStrictEqual({ ...work(), recalled }, { counted, read, recalled })
      // Whoever starts at a commit answers as those who came from elsewhere.
      const fresh = yield* watchedContexts
      const place = {
        location: repository.path,
        commit: commits[5] ?? "",
        includePaths: [],
        excludedPaths: [],
        mostFiles: 1000
      }
      assert.strictEqual((yield* fresh.contextAt(place)).context(ask("later_")).text, answers[5])
    }).pipe(Effect.provide(contextLayers)))
})
