/** The job that reads facts off a batch of files in a worker thread. */
import { type Job, job } from "../../services/Compute.ts"
import type { SourceFile } from "../../services/Index.ts"
import type { FileFacts } from "./facts.ts"

export interface FactsOutput {
  readonly facts: ReadonlyArray<FileFacts>
  /** Paths of the files that hold a secret: nothing is to be shown of them. */
  readonly secret: ReadonlyArray<string>
}

export const factsJob: Job<{ readonly files: ReadonlyArray<SourceFile> }, FactsOutput> = job("index-facts")
