/** What the composition root knows of the program and its machine. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { JobTable } from "../../services/Compute.ts"
import type { OwnCommand } from "./crew/own-command.ts"

export class Tool extends Context.Tag("retrace/Tool")<Tool, {
  readonly version: string
  /** Address of the worker's entry. */
  readonly workerEntry: URL
  readonly cores: number
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
  /** Folder of what this user's programs can make anew, ours below it; null where there is none. */
  readonly cacheFolder: string | null
  /** How this process was started, so that others can be started as it was. */
  readonly command: OwnCommand
  /** The jobs that worker threads run, for a run too small for a thread. */
  readonly jobs: Effect.Effect<JobTable>
}>() {}
