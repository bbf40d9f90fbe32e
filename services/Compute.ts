/**
 * Compute: runs a named job on a batch of plain data, on as many threads as there are.
 * A job depends on nothing but its input, so it can run anywhere, and run again.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { ExitCode } from "./faults/exit-code.ts"

/** The name of a job and, in its type only, what it takes and gives. Both must survive structured cloning. */
export interface Job<in out Input, in out Output> {
  readonly name: string
  /** Never set: it carries the types. */
  readonly types?: (input: Input) => Output
}

/** Names a job; what it takes and gives is in the type only. */
export const job = <Input, Output>(name: string): Job<Input, Output> => ({ name })

/**
 * What a job does with its input. It fails only when something that it relies on does; anything else that goes wrong is
 * output.
 */
export type JobHandler<Input, Output> = (input: Input) => Effect.Effect<Output, Error>

/** Handlers by job name. */
export type JobTable = Readonly<Record<string, JobHandler<never, unknown>>>

/** Runs a job. The buffers in `transfer` move to it, and are gone here whatever becomes of it. */
export type RunJob = <Input, Output>(
  job: Job<Input, Output>,
  input: Input,
  transfer?: ReadonlyArray<ArrayBuffer>
) => Effect.Effect<Output, JobFailed | WorkerLost>

/** A way to run jobs. */
export class Compute extends Context.Tag("retrace/Compute")<Compute, {
  /** How many jobs run at once; more callers wait. */
  readonly concurrency: number
  readonly run: RunJob
  /**
   * Takes one of the threads for the scope: jobs that leave something behind for the next, such as an index, find it
   * there. One job runs at once; a thread that is lost is replaced. Left out where all jobs run on one thread anyway.
   */
  readonly oneThread?: Effect.Effect<RunJob, never, Scope.Scope>
}>() {}

/**
 * The thread ended before the job did: it ran out of memory, or was ended from outside. The next try runs on another.
 */
export class WorkerLost extends Schema.TaggedError<WorkerLost>()("WorkerLost", {
  job: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot finish the job "${this.job}": ${this.detail}; a smaller --concurrency leaves each thread more memory`
  }
}

/** The job threw, which is a bug, or something that it asked for failed, and `fault` names that. */
export class JobFailed extends Schema.TaggedError<JobFailed>()("JobFailed", {
  job: Schema.String,
  detail: Schema.String,
  /** Tag of the failure that the job ended with, such as "GitLost"; "" when it has none. */
  fault: Schema.String.pipe(Schema.propertySignature, Schema.withConstructorDefault(() => ""))
}) {
  readonly exitCode = ExitCode.Bug
  override get message() {
    return `Cannot finish the job "${this.job}": ${this.detail}`
  }
}

/** Returns the tag of a failure, as `fault` holds it. */
export const tagOf = (failure: unknown): string =>
  typeof failure === "object" && failure !== null && "_tag" in failure ? String(failure._tag) : ""
