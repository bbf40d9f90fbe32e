/**
 * Sandbox over fork servers: a Vim that was started once forks for every attempt, so each gets a fresh Vim at the price
 * of a fork. See fork-server/server.vim for what keeps attempts apart, and confinement.ts for what keeps them in.
 */
import { release } from "node:os"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Outcome } from "../../services/keys/outcome.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { type Attempt, Sandbox, type SandboxLimits, SandboxUnavailable } from "../../services/Sandbox.ts"
import { bubblewrap, type Confinement, docker, type MachineTraits } from "./confinement.ts"
import { startForkServer } from "./fork-server/fork-server.ts"
import { makeServerSlot, mostHeld, type Settled, type Waiting } from "./fork-server/server-slot.ts"
import { systemCallFilter } from "./seccomp.ts"
import { recordConfined } from "./session/record-confined.ts"
import { loadTerminals } from "./terminal.ts"
import { findProgram, findVim } from "./vim-program.ts"

export interface ForkServerOptions {
  /** How many servers run, and so how many attempts at once. */
  readonly concurrency: number
  readonly limits: SandboxLimits
  readonly vimOptions: VimOptionsName
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
}

const make = (confinement: Confinement, { concurrency, limits, searchPath, vimOptions }: ForkServerOptions) =>
  Effect.gen(function*() {
    const queue: Array<Waiting> = []
    let taken = 0
    let starting = 0
    /** Why nothing is believed any more. */
    let failure: SandboxUnavailable | undefined

    const take = (): Waiting | undefined => {
      const waiting = queue[taken]
      if (waiting === undefined) return undefined
      taken++
      if (taken > 1024 && taken * 2 > queue.length) {
        queue.splice(0, taken)
        taken = 0
      }
      return waiting
    }
    const fail = (unavailable: SandboxUnavailable) => {
      failure = unavailable
      for (const slot of slots) slot.close()
      for (const { settle } of queue.splice(0).slice(taken)) settle({ _tag: "unavailable", unavailable })
      taken = 0
    }
    const slots = Array.from({ length: concurrency }, () =>
      makeServerSlot({
        limits,
        start: (onEnd) => {
          starting++
          return startForkServer({ confinement, vimOptions, searchPath, reportBytes: reportBytesOf(limits), onEnd })
            .finally(() => starting--)
        },
        mayStart: () => queue.length - taken > starting,
        peek: () => queue[taken],
        take,
        giveBack: (waiting) => void queue.splice(taken, 0, ...waiting),
        fail
      }))
    yield* Effect.addFinalizer(() => Effect.sync(() => fail(notConfined("the sandbox is closed"))))

    const wake = () => {
      // A server that runs takes an attempt before another is started.
      for (const slot of slots) if (slot.isIdle()) slot.wake()
      for (const slot of slots) slot.wake()
    }
    const drop = (waiting: Waiting) => {
      const at = queue.indexOf(waiting, taken)
      if (at !== -1) queue.splice(at, 1)
      else for (const slot of slots) slot.drop(waiting)
    }

    // One fiber waits for all attempts. Some are in the queue at a time, so that other callers have their turn.
    const runAll: Sandbox["Type"]["runAll"] = (attempts) =>
      Effect.async((resume) => {
        if (failure !== undefined) return resume(failure)
        const outcomes = Array.from<Outcome>({ length: attempts.length })
        const given = new Set<Waiting>()
        const rest = attempts.entries()
        let isAsked = false
        const give = (place: number, attempt: Attempt) => {
          const waiting: Waiting = {
            attempt,
            settle: (settled) => {
              given.delete(waiting)
              if (settled._tag === "unavailable") return resume(settled.unavailable)
              outcomes[place] = outcomeOf(attempt, settled)
              // Several are settled at once, while their server is in the middle of that.
              if (!isAsked) queueMicrotask(giveMore)
              isAsked = true
            },
            deaths: 0
          }
          given.add(waiting)
          queue.push(waiting)
        }
        const giveMore = () => {
          isAsked = false
          if (failure !== undefined) return
          while (given.size < 2 * concurrency * mostHeld) {
            const next = rest.next()
            if (next.done === true) break
            give(...next.value)
          }
          if (given.size === 0) resume(Effect.succeed(outcomes))
          else wake()
        }
        giveMore()
        return Effect.sync(() => given.forEach(drop))
      })

    const run: Sandbox["Type"]["run"] = (attempt) =>
      Effect.async((resume) => {
        if (failure !== undefined) return resume(failure)
        const waiting: Waiting = {
          attempt,
          settle: (settled) =>
            resume(
              settled._tag === "unavailable" ? settled.unavailable : Effect.succeed(outcomeOf(attempt, settled))
            ),
          deaths: 0
        }
        queue.push(waiting)
        wake()
        return Effect.sync(() => drop(waiting))
      })

    const record: Sandbox["Type"]["record"] = (attempt, size) =>
      Effect.flatMap(
        loadTerminals,
        (openTerminal) => recordConfined(confinement, openTerminal, { limits, searchPath, vimOptions }, attempt, size)
      )

    return Sandbox.of({ concurrency, run, runAll, record })
  })

/** A report holds the text and a little more. */
const reportBytesOf = ({ fileBytes }: SandboxLimits): number => 2 * fileBytes

const notInstalled = (detail: string) => new SandboxUnavailable({ part: "no confinement", detail })
const notConfined = (detail: string) => new SandboxUnavailable({ part: "confinement", detail })

const outcomeOf = (attempt: Attempt, { ending, millis }: Settled & { readonly _tag: "ended" }): Outcome => ({
  ...ending,
  keystrokes: attempt.keys.length,
  millis
})

/**
 * Makes a sandbox in a confinement and tries it: where the machine forbids what it needs, this is found out now, not by
 * an attempt that matters.
 */
export const sandboxIn = Effect.fnUntraced(
  function*(name: string, confinement: Confinement, options: ForkServerOptions) {
    const sandbox = yield* make(confinement, options)
    yield* Effect.mapError(
      sandbox.run({ source: "", keys: [] }),
      ({ detail, part }) =>
        new SandboxUnavailable({ part, detail: part === "folder" ? detail : `${name} does not start: ${detail}` })
    )
    return sandbox
  }
)

/** Linux counts the processes of each namespace by themselves since 5.14 (commit 21d1c5e386bc). */
const countsProcesses = (): boolean => {
  const [major = 0, minor = 0] = release().split(".").map(Number)
  return major > 5 || (major === 5 && minor >= 14)
}

/** What this machine can do for a confinement. */
export const machineTraits: MachineTraits = {
  isFiltered: systemCallFilter(process.arch) !== undefined,
  countsProcesses: countsProcesses()
}

/** Fork servers in bubblewrap: Linux only. */
export const layerBubblewrap = (options: ForkServerOptions): Layer.Layer<Sandbox, SandboxUnavailable> =>
  Layer.scoped(
    Sandbox,
    Effect.gen(function*() {
      const vim = yield* findVim(options.searchPath)
      if (findProgram("bwrap", options.searchPath) === undefined) {
        return yield* notInstalled("bubblewrap is not installed (apt-get install bubblewrap)")
      }
      return yield* sandboxIn("bubblewrap", bubblewrap(vim, options.limits, machineTraits), options)
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
        return yield* notInstalled("docker is not installed")
      }
      return yield* sandboxIn("docker", docker(options.image, options.limits), options)
    })
  )
