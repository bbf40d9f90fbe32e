/** The runs of generate, lintseq and vim-loop in the process of a test, over real layers or whatever it gives them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as WorkerCompute from "../../layers/compute/WorkerCompute.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import * as FileWriter from "../../layers/writer/FileWriter.ts"
import { asked as generateAsked } from "../../tasks/generate/asked.ts"
import { generateRequestOf } from "../../tasks/generate/request.ts"
import { runGenerate } from "../../tasks/generate/run.ts"
import { asked as lintseqAsked } from "../../tasks/lintseq/asked.ts"
import { lintseqFilesOf, lintseqRequestOf } from "../../tasks/lintseq/request.ts"
import { runLintseq } from "../../tasks/lintseq/run.ts"
import { answersChosen } from "../../tasks/shared/asked/read.ts"
import type { RunEvent } from "../../tasks/shared/dataset-run/listener.ts"
import { asked as vimLoopAsked } from "../../tasks/vim-loop/asked.ts"
import { gatherEdits } from "../../tasks/vim-loop/gather.ts"
import { inputOf, vimLoopSettingsOf } from "../../tasks/vim-loop/request.ts"

export interface RunPlace {
  /** What Git opens. */
  readonly location: string
  /** A path that nothing else writes to; generate makes it a folder, lintseq a file. */
  readonly output: string
  readonly resume?: boolean
  readonly onEvent?: (event: RunEvent) => void
}

const version = "0.0.0-test"

const generateFrom = (source: "history" | "tree", format: "PSM" | "zeta2" = "PSM", crossFileContext = false) =>
  Effect.fnUntraced(function*({ location, onEvent, output, resume = false }: RunPlace) {
    const answers = yield* answersChosen(generateAsked, {
      repositories: [location],
      output,
      resume,
      source,
      crossFileContext,
      datasetType: ["sft", "kto"],
      // PSM is a layout whose prompts do not name the file: equal files then ask equal prompts.
      format,
      rejected: `${output}.rejected.jsonl`
    })
    const { request } = yield* generateRequestOf(answers, { version, keepRejected: false })
    const { ledger, lost } = yield* runGenerate(request, (event) => Effect.sync(() => onEvent?.(event)))
    return { ledger, lost, edits: "" }
  })

const lintseqFrom = (fromHistory: boolean) =>
  Effect.fnUntraced(function*({ location, onEvent, output, resume = false }: RunPlace) {
    const rejected = `${output}.rejected.jsonl`
    const answers = yield* answersChosen(lintseqAsked, { repository: location, fromHistory, output, rejected, resume })
    const request = yield* lintseqRequestOf(answers, version)
    const files = lintseqFilesOf(answers, { path: output }, rejected)
    const { ledger, lost } = yield* runLintseq(request, files, (event) => Effect.sync(() => onEvent?.(event)))
    return { ledger, lost, edits: "" }
  })

/** vim-loop as far as it mines: what it plays is not a dataset run's work. */
const runMining = Effect.fnUntraced(function*({ location }: RunPlace) {
  const answers = yield* answersChosen(vimLoopAsked, { repositories: [location] })
  const gathered = yield* gatherEdits(yield* inputOf(answers), vimLoopSettingsOf(answers), () => Effect.void)
  return { ledger: gathered.ledger, lost: gathered.lost, edits: JSON.stringify(gathered.edits) }
})

type Running = ReturnType<typeof runMining | ReturnType<typeof generateFrom> | ReturnType<typeof lintseqFrom>>

export type DatasetRun = (
  place: RunPlace
) => Effect.Effect<Effect.Effect.Success<Running>, Effect.Effect.Error<Running>, Effect.Effect.Context<Running>>

const ofAnyTask = (run: DatasetRun): DatasetRun => run

export const datasetRuns = {
  "generate, from history": ofAnyTask(generateFrom("history")),
  "generate, next edits": ofAnyTask(generateFrom("history", "zeta2")),
  "generate, from a tree": ofAnyTask(generateFrom("tree")),
  "lintseq, from files": ofAnyTask(lintseqFrom(false)),
  "lintseq, from histories": ofAnyTask(lintseqFrom(true)),
  "vim-loop, from history": ofAnyTask(runMining)
}

/** generate whose threads ask git for the rest of the project. */
export const contextRun = ofAnyTask(generateFrom("history", "PSM", true))

/** Git, files and two threads that run `worker`. */
export const realLayers = (worker: URL) =>
  Layer.mergeAll(
    SimpleGit.layer,
    FileReader.layer({ cache: null }),
    FileWriter.layer,
    WorkerCompute.layer({ worker, concurrency: 2 })
  ).pipe(
    Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer))
  )

/**
 * Runs into a folder that is gone afterwards; gives what was written there, by name, with all else that comes of it.
 */
export const runInto = (work: DatasetRun, location: string, folder: string) => {
  mkdirSync(folder)
  return work({ location, output: join(folder, "rows") }).pipe(
    Effect.map(({ edits, ledger, lost }) => ({ lost, whole: { edits, ledger, files: written(folder) } })),
    Effect.ensuring(Effect.sync(() => rmSync(folder, { recursive: true })))
  )
}

const written = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")])
  )
