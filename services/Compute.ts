/**
 * Compute: runs a named job on a batch of plain data, on as many threads as there are.
 * A job depends on nothing but its input, so it may run anywhere and run again.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"

/** The name of a job and, in its type only, what it takes and gives. Both must survive structured cloning. */
export interface Job<in out Input, in out Output> {
  readonly name: string
  /** Never set: it carries the types. */
  readonly types?: (input: Input) => Output
}

/** Names a job; what it takes and gives is in the type only. */
export const job = <Input, Output>(name: string): Job<Input, Output> => ({ name })

/** What a job does with its input. It fails only when the installation is broken: what may go wrong is output. */
export type JobHandler<Input, Output> = (input: Input) => Effect.Effect<Output, Error>

/** Handlers by job name. */
export type JobTable = Readonly<Record<string, JobHandler<never, unknown>>>

/** A way to run jobs. */
export class Compute extends Context.Tag("retrace/Compute")<Compute, {
  /** How many jobs run at once; more callers wait. */
  readonly concurrency: number
  /** Runs the job. The buffers in `transfer` move to the job and are gone here. */
  readonly run: <Input, Output>(
    job: Job<Input, Output>,
    input: Input,
    transfer?: ReadonlyArray<ArrayBuffer>
  ) => Effect.Effect<Output, JobFailed>
}>() {}

/** A job threw or its thread ended: a bug in the job, or no memory left. */
export class JobFailed extends Schema.TaggedError<JobFailed>()("JobFailed", {
  job: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Bug
  override get message() {
    return `Cannot finish the job "${this.job}": ${this.detail}`
  }
}
