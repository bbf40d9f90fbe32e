import { rmSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Worker } from "node:worker_threads"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Random, randomOf } from "../../../services/text/random.ts"
import { lossLines } from "../../../tasks/shared/dataset-run/summary.ts"
import { contextRun, type DatasetRun, datasetRuns, realLayers, runInto } from "../../support/dataset-runs.ts"
import { makeMortalGit, watchGitChildren } from "../../support/git-children.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"

/** What is killed, each at so many moments of a run. */
const moments = 20
const seed = Number(process.env["RETRACE_KILL_SEED"] ?? 20_261)

let repository: TestRepository
let root = ""
const runs = Object.entries(datasetRuns)
const children = watchGitChildren()
const threads = new Set<Worker>()
const watchThread = (thread: Worker) => {
  threads.add(thread)
  thread.on("exit", () => threads.delete(thread))
}

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("long")
  for (let step = 0; step < 10; step++) {
    for (let file = 0; file < 4; file++) {
      repository.write(`src/part_${file}.py`, pythonModule(16 + (step + file) % 9, `v${step}_`))
      repository.write(`src/small_${step}_${file}.js`, `export const f = (x) => {\n  return x * ${step} + ${file}\n}\n`)
    }
    repository.commit(`step ${step}`)
  }
  process.on("worker", watchThread)
})
afterAll(() => {
  process.off("worker", watchThread)
  children.stop()
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const layers = realLayers(pathToFileURL(join(inject("bundleFolder"), "worker.mjs")))

const run = (work: DatasetRun, name: string) => Effect.timed(runInto(work, repository.path, join(root, name)))

/** Kills one of those that are there at its moment, or else the first that comes after it. Gives how to take it back. */
const killAt = (millis: number, kill: () => boolean) => {
  let timer: NodeJS.Timeout
  const tryToKill = () => {
    if (!kill()) timer = setTimeout(tryToKill, 1)
  }
  timer = setTimeout(tryToKill, millis)
  return () => clearTimeout(timer)
}

/** What is killed, in which part of a run: git is asked more at its start. */
const killed = [
  {
    one: "worker thread",
    many: "worker threads",
    until: 0.9,
    kill: (random: Random) => {
      const thread = random.pick([...threads])
      void thread?.terminate()
      return thread !== undefined
    }
  },
  {
    one: "git process",
    many: "git processes",
    until: 0.5,
    kill: () => children.alive().map((child) => child.kill("SIGKILL")).includes(true)
  }
]

describe(`killed in the middle of a run, at moments of seed ${seed}`, () => {
  const undisturbed = new Map<string, { readonly whole: unknown; readonly millis: number }>()

  it.live("each run is undisturbed once", () =>
    Effect.gen(function*() {
      for (const [name, work] of runs) {
        // The first one also loads what all need.
        const [, first] = yield* run(work, "first")
        const [time, second] = yield* run(work, "second")
        assert.deepStrictEqual(second.whole, first.whole)
        assert.deepStrictEqual(lossLines(second.lost), [])
        undisturbed.set(name, { whole: second.whole, millis: Duration.toMillis(time) })
      }
    }).pipe(Effect.provide(layers)))

  for (const { kill, many, one, until } of killed) {
    it.live(`${moments} ${many} leave the same bytes, and a line in the summary`, () =>
      Effect.gen(function*() {
        let told = 0
        for (let moment = 0; moment < moments; moment++) {
          const [name, work] = runs[moment % runs.length] ?? ["", datasetRuns["vim-loop, from history"]]
          const { millis = 0, whole } = undisturbed.get(name) ?? {}
          const random = randomOf("kill", seed, one, moment)
          const forget = killAt(millis * until * random.next(), () => kill(random))
          const [, { lost, whole: now }] = yield* run(work, `killed-${moment}`)
          forget()
          assert.deepStrictEqual(now, whole, `moment ${moment} of ${name}`)
          if (lossLines(lost).join().includes(one)) told++
        }
        // A thread that had nothing to do and a process that nobody asks again cost nothing, and are not told of.
        assert.isAtLeast(told, moments / 10)
      }).pipe(Effect.provide(layers)), 120_000)
  }

  it.live("and a git process that a worker thread asks is replaced too", () =>
    Effect.gen(function*() {
      const [, { lost, whole }] = yield* Effect.provide(run(contextRun, "context"), layers)
      assert.deepStrictEqual(lossLines(lost), [])
      const mortal = makeMortalGit()
      // The comparer of trees is a thread's own: the run itself compares none.
      mortal.doom("diff-tree")
      const [, again] = yield* Effect.provide(run(contextRun, "context"), layers).pipe(
        Effect.ensuring(Effect.sync(mortal.stop))
      )
      assert.deepStrictEqual(lossLines(again.lost), ["  Lost and replaced: 1 git process"])
      assert.deepStrictEqual(again.whole, whole)
    }))
})
