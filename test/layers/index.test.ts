import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { inject } from "vitest"
import { pathToFileURL } from "node:url"
import { join } from "node:path"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import * as WorkerCompute from "../../layers/compute/WorkerCompute.ts"
import { runFactsJob } from "../../layers/index/facts-job.ts"
import { factsJob } from "../../layers/index/jobs.ts"
import * as InvertedIndex from "../../layers/index/InvertedIndex.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { Parser } from "../../services/Parser.ts"
import { indexContract } from "../contract/Index.ts"

const inPlace = Layer.unwrapEffect(
  Effect.map(Parser, (parser) => InPlaceCompute.layer({ [factsJob.name]: runFactsJob(parser) }))
)
const inThreads = Layer.unwrapEffect(
  Effect.sync(() =>
    WorkerCompute.layer({ worker: pathToFileURL(join(inject("bundleFolder"), "worker.mjs")), concurrency: 2 })
  )
)

describe("Index", () => {
  indexContract(
    "memory, one thread",
    InvertedIndex.layer.pipe(Layer.provide(inPlace), Layer.provide(TreeSitterParser.layer))
  )
  indexContract(
    "memory, worker threads",
    InvertedIndex.layer.pipe(Layer.provide(inThreads), Layer.provide(TreeSitterParser.layer))
  )
})
