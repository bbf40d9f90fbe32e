/** What the composition root knows of the program and its machine. */
import * as Context from "effect/Context"

export class Tool extends Context.Tag("retrace/Tool")<Tool, {
  readonly version: string
  /** Address of the worker's entry. */
  readonly workerEntry: URL
  readonly cores: number
}>() {}
