/**
 * Sandbox over fork servers: a Vim that was started once forks for every attempt, so each gets a fresh Vim at the price
 * of a fork. See fork-server/server.vim for what keeps attempts apart, and confinement.ts for what keeps them in.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Outcome } from "../../services/keys/outcome.ts"
import { type Attempt, Sandbox, type SandboxLimits, SandboxUnavailable } from "../../services/Sandbox.ts"
import { bubblewrap, type Confinement, docker } from "./confinement.ts"
import { startForkServer } from "./fork-server/fork-server.ts"
import { makeServerSlot, type Settled, type Waiting } from "./fork-server/server-slot.ts"
import { systemCallFilter } from "./seccomp.ts"
import { recordConfined } from "./session/record-confined.ts"
import { loadTerminals } from "./terminal.ts"
import { findProgram, findVim } from "./vim-program.ts"

export interface ForkServerOptions {
  /** How many servers run, and so how many attempts at once. */
  readonly concurrency: number
  readonly limits: SandboxLimits
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
}

/** The most attempts that a server has: the one that runs, and the next, so that it need not wait for us. */
const perServer = 2

const make = (confinement: Confinement, { concurrency, limits, searchPath }: ForkServerOptions) =>
  Effect.gen(function*() {
    const openTerminal = yield* loadTerminals
    const queue: Array<Waiting> = []
    let taken = 0

    const next = (): Waiting | undefined => {
      const waiting = queue[taken]
      if (waiting === undefined) return undefined
      taken++
      if (taken > 1024 && taken * 2 > queue.length) {
        queue.splice(0, taken)
        taken = 0
      }
      return waiting
    }
    /** Gives every server one attempt before any gets a second. */
    const spread = () => {
      for (let load = 0; load < perServer; load++) {
        for (const slot of slots) {
          if (slot.load() > load) continue
          const waiting = next()
          if (waiting === undefined) return
          slot.push(waiting)
        }
      }
    }
    const slots = Array.from({ length: concurrency }, () =>
      makeServerSlot({
        limits,
        start: () => startForkServer(confinement, openTerminal, searchPath),
        giveBack: (waiting) => {
          queue.splice(taken, 0, ...waiting)
          spread()
        },
        onIdle: spread
      }))
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        queue.length = 0
        for (const slot of slots) slot.close()
      })
    )

    /** Takes back an attempt that nobody waits for any more. */
    const drop = (waiting: Waiting) => {
      const at = queue.indexOf(waiting, taken)
      if (at !== -1) queue.splice(at, 1)
      else for (const slot of slots) slot.drop(waiting)
    }

    const run: Sandbox["Type"]["run"] = (attempt) =>
      Effect.async((resume) => {
        const waiting: Waiting = { attempt, settle: (settled) => resume(outcomeOf(attempt, settled)) }
        queue.push(waiting)
        spread()
        return Effect.sync(() => drop(waiting))
      })

    const runAll: Sandbox["Type"]["runAll"] = (attempts) =>
      Effect.suspend(() => Effect.forEach(attempts, run, { concurrency: concurrency * perServer }))

    const record: Sandbox["Type"]["record"] = (attempt, size) =>
      recordConfined(confinement, openTerminal, { limits, searchPath }, attempt, size)

    return Sandbox.of({ concurrency, run, runAll, record })
  })

const notConfined = (detail: string) => new SandboxUnavailable({ part: "confinement", detail })

const outcomeOf = (attempt: Attempt, settled: Settled): Effect.Effect<Outcome, SandboxUnavailable> =>
  settled._tag === "unavailable"
    ? notConfined(settled.detail)
    : Effect.succeed({ ...settled.ending, keystrokes: attempt.keys.length, millis: settled.millis })

/**
 * Makes a sandbox and tries it: where the machine forbids what it needs, this is found out now, not by an attempt that
 * matters.
 */
const started = Effect.fnUntraced(function*(name: string, confinement: Confinement, options: ForkServerOptions) {
  const sandbox = yield* make(confinement, options)
  yield* Effect.mapError(
    sandbox.run({ source: "", keys: [] }),
    ({ detail }) => notConfined(`${name} does not start: ${detail}`)
  )
  return sandbox
})

const isFiltered = systemCallFilter(process.arch) !== undefined

/** Fork servers in bubblewrap: Linux only. */
export const layerBubblewrap = (options: ForkServerOptions): Layer.Layer<Sandbox, SandboxUnavailable> =>
  Layer.scoped(
    Sandbox,
    Effect.gen(function*() {
      const vim = yield* findVim(options.searchPath)
      if (findProgram("bwrap", options.searchPath) === undefined) {
        return yield* notConfined("bubblewrap is not installed (apt-get install bubblewrap)")
      }
      return yield* started("bubblewrap", bubblewrap(vim, options.limits, isFiltered), options)
    })
  )

/** Fork servers in containers of an image that has Vim. */
export const layerDocker = (
  options: ForkServerOptions & { readonly image: string }
): Layer.Layer<Sandbox, SandboxUnavailable> =>
  Layer.scoped(
    Sandbox,
    Effect.gen(function*() {
      if (findProgram("docker", options.searchPath) === undefined) {
        return yield* notConfined("docker is not installed")
      }
      return yield* started("docker", docker(options.image, options.limits), options)
    })
  )
