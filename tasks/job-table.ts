/** The table of jobs, each loaded when it is first asked for: what a thread runs, and this one for a small run. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { factsJob } from "../layers/index/jobs.ts"
import { searchJob } from "../layers/predictor/jobs.ts"
import * as TreeSitterParser from "../layers/parser/TreeSitterParser.ts"
import type { JobHandler, JobTable } from "../services/Compute.ts"
import { Linter } from "../services/Linter.ts"
import { Parser } from "../services/Parser.ts"
import { commitsJob, historyJob, treeJob } from "./generate/jobs.ts"
import { filesJob, historiesJob, rowsJob } from "./lintseq/jobs.ts"
import { type LinterName, scriptLanguages } from "./lintseq/settings.ts"
import type { LintseqTools } from "./lintseq/tools.ts"
import { editsJob } from "./vim-loop/jobs.ts"
import { lazyLayer } from "./shared/lazy-layer.ts"

/** What the index of this thread stands on. */
const contextLayers = (parser: Parser["Type"]) => {
  const platform = lazyLayer(async () => {
    const [files, paths] = await Promise.all([
      import("@effect/platform-node/NodeFileSystem"),
      import("@effect/platform-node/NodePath")
    ])
    return Layer.merge(files.layer, paths.layer)
  })
  const index = lazyLayer(async () => (await import("../layers/index/InvertedIndex.ts")).layer)
  const git = lazyLayer(async () => (await import("../layers/git/SimpleGit.ts")).layer)
  const compute = lazyLayer(async () => {
    const { runFactsJob } = await import("../layers/index/facts-job.ts")
    return (await import("../layers/compute/InPlaceCompute.ts")).layer({ [factsJob.name]: runFactsJob(parser) })
  })
  return Layer.merge(index, git).pipe(
    Layer.provide(Layer.merge(compute, Layer.succeed(Parser, parser))),
    Layer.provideMerge(platform)
  )
}

/** The linters of this thread. */
const linterLayers = (parser: Parser["Type"]): Readonly<Record<Exclude<LinterName, "auto">, Layer.Layer<Linter>>> => ({
  ruff: lazyLayer(async () => (await import("../layers/linter/RuffLinter.ts")).layer),
  pylint: lazyLayer(async () => (await import("../layers/linter/PylintLinter.ts")).layer(process.env["PATH"] ?? "")),
  oxc: lazyLayer(async () => (await import("../layers/linter/OxcLinter.ts")).layer),
  syntax: Layer.provide(
    lazyLayer(async () => (await import("../layers/linter/SyntaxLinter.ts")).layer),
    Layer.succeed(Parser, parser)
  )
})

const defaultLinter = (language: string): Exclude<LinterName, "auto"> => {
  if (language === "python") return "ruff"
  return scriptLanguages.has(language) ? "oxc" : "syntax"
}

const lintseqTools = (parser: Parser["Type"], scope: Scope.Scope): LintseqTools => {
  const layers = linterLayers(parser)
  const opened = new Map<string, Linter["Type"]>()
  return {
    openLinter: Effect.fnUntraced(function*(name, language) {
      const chosen = name === "auto" ? defaultLinter(language) : name
      const linter = opened.get(chosen) ??
        Context.get(yield* Layer.buildWithScope(layers[chosen], scope), Linter)
      opened.set(chosen, linter)
      return yield* linter.open(language)
    })
  }
}

/** A job whose module is loaded when it first runs. */
const lazyJob = <Input, Output>(load: () => Promise<JobHandler<Input, Output>>): JobHandler<Input, Output> => {
  let handler: JobHandler<Input, Output> | undefined
  return (input) =>
    handler === undefined
      // A module of ours that cannot be loaded is a broken installation.
      ? Effect.flatMap(Effect.promise(load), (loaded) => {
        handler = loaded
        return loaded(input)
      })
      : handler(input)
}

/** The jobs over the services of this thread. */
export const jobTable: Effect.Effect<JobTable> = Effect.gen(function*() {
  const parser = yield* Parser
  // For as long as the thread lives: an index moves from commit to commit, and is built once.
  const scope = yield* Scope.make()
  const contexts = yield* Effect.cached(
    Effect.promise(() => import("./generate/project-contexts.ts")).pipe(
      Effect.flatMap(({ makeProjectContexts }) => Scope.extend(makeProjectContexts, scope)),
      Effect.provide(contextLayers(parser))
    )
  )
  const generateTools = async () => {
    const { jobTools } = await import("./generate/job-tools.ts")
    return jobTools((place) => Effect.flatMap(contexts, (contextAt) => contextAt(place)))
  }
  const linters = lintseqTools(parser, scope)
  return {
    [historyJob.name]: lazyJob(async () =>
      (await import("./generate/history-job.ts")).runHistoryJob(parser, await generateTools())
    ),
    [commitsJob.name]: lazyJob(async () =>
      (await import("./generate/next-edits/commits-job.ts")).runCommitsJob(parser, await generateTools())
    ),
    [treeJob.name]: lazyJob(async () =>
      (await import("./generate/tree-job.ts")).runTreeJob(parser, await generateTools())
    ),
    [factsJob.name]: lazyJob(async () => (await import("../layers/index/facts-job.ts")).runFactsJob(parser)),
    [editsJob.name]: lazyJob(async () => (await import("./vim-loop/edits-job.ts")).runEditsJob(parser)),
    [searchJob.name]: lazyJob(async () => (await import("../layers/predictor/search-job.ts")).runSearchJob),
    [rowsJob.name]: lazyJob(async () => (await import("./lintseq/rows-job.ts")).runRowsJob(parser, linters)),
    [filesJob.name]: lazyJob(async () => (await import("./lintseq/files-job.ts")).runFilesJob(parser, linters)),
    [historiesJob.name]: lazyJob(async () =>
      (await import("./lintseq/histories-job.ts")).runHistoriesJob(parser, linters)
    )
  }
}).pipe(Effect.provide(TreeSitterParser.layer))
