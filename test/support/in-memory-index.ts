import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import { runFactsJob } from "../../layers/index/facts-job.ts"
import * as InvertedIndex from "../../layers/index/InvertedIndex.ts"
import { factsJob } from "../../layers/index/jobs.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { Parser } from "../../services/Parser.ts"

/** The index of this program, on one thread. */
export const inMemoryIndex = InvertedIndex.layer.pipe(
  Layer.provide(Layer.unwrapEffect(
    Effect.map(Parser, (parser) => InPlaceCompute.layer({ [factsJob.name]: runFactsJob(parser) }))
  )),
  Layer.provide(TreeSitterParser.layer)
)
