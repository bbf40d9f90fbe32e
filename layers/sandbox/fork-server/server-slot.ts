/**
 * One place for a fork server: it gives the server attempts, keeps time, and starts another server when anything is
 * wrong with the old one. Attempts run one after the other; the next waits in the socket, where only the server can
 * read it.
 */
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Ending } from "../../../services/keys/outcome.ts"
import type { Attempt, SandboxLimits } from "../../../services/Sandbox.ts"
import type { ForkServer } from "./fork-server.ts"
import { readReport, renderAttempt } from "../report.ts"

/** An attempt and who waits for it. */
export interface Waiting {
  readonly attempt: Attempt
  /** Called once, with how the attempt ended and how long it took, or with why no sandbox could be started. */
  readonly settle: (result: Settled) => void
}

export type Settled =
  | { readonly _tag: "ended"; readonly ending: Ending; readonly millis: number }
  | { readonly _tag: "unavailable"; readonly detail: string }

interface Flight {
  readonly waiting: Waiting
  readonly nonce: string
  /** Whether its caller left while it waited behind another one: the server has it already. */
  isDropped: boolean
  /** When it began to run. */
  startedAt: number
}

export interface ServerSlot {
  /** How many attempts it has. */
  readonly load: () => number
  readonly push: (waiting: Waiting) => void
  /** Takes back an attempt, if this place has it: no more of its keys are typed, and it is never settled. */
  readonly drop: (waiting: Waiting) => void
  readonly close: () => void
}

/** What a place needs: a way to start servers, and somewhere to return the attempts that one could not get to. */
export interface SlotOwner {
  readonly start: () => Promise<ForkServer>
  readonly limits: SandboxLimits
  readonly giveBack: (waiting: ReadonlyArray<Waiting>) => void
  readonly onIdle: () => void
}

/** How often the time is checked while an attempt runs. */
const tickMillis = 25

/**
 * In how many checks in a row an attempt may have processes: one for a program that could not be started is gone by
 * then.
 */
const suspiciousTicks = 2

const deadlySignal = /Caught deadly signal|Vim: Caught/

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

export const makeServerSlot = ({ giveBack, limits, onIdle, start }: SlotOwner): ServerSlot => {
  const flying: Array<Flight> = []
  let server: ForkServer | undefined
  let isStarting = false
  let isClosed = false
  let received: Buffer = Buffer.alloc(0)
  let clock: NodeJS.Timeout | undefined
  let ticksWithProcesses = 0
  let wordsBefore = ""

  const send = (flight: Flight) => {
    server?.socket.write(`${renderAttempt(flight.waiting.attempt, flight.nonce)}\n`)
  }

  const begin = () => {
    const [head] = flying
    ticksWithProcesses = 0
    if (head === undefined) {
      clearInterval(clock)
      clock = undefined
      return
    }
    if (head.isDropped) return abandon()
    head.startedAt = performance.now()
    wordsBefore = server?.lastWords() ?? ""
    clock ??= setInterval(tick, tickMillis)
  }

  const end = (ending: Ending) => {
    const head = flying.shift()
    if (head === undefined) return
    const millis = performance.now() - head.startedAt
    begin()
    head.waiting.settle({ _tag: "ended", ending, millis })
    onIdle()
  }

  /** Ends the server and everything that it runs. */
  const discard = () => {
    const old = server
    server = undefined
    received = Buffer.alloc(0)
    old?.socket.removeAllListeners("data")
    old?.socket.destroy()
    old?.stop()
  }

  const giveBackAll = (flights: ReadonlyArray<Flight>) => {
    const rest = flights.filter(({ isDropped }) => !isDropped).map(({ waiting }) => waiting)
    if (rest.length > 0) giveBack(rest)
  }

  /** Ends the server and the attempt that it runs; the attempts behind it go to another server. */
  const replace = (ending: Ending) => {
    discard()
    const rest = flying.splice(1)
    end(ending)
    giveBackAll(rest)
  }

  /** Ends the server and the attempt that it runs, for which nobody waits. */
  const abandon = () => {
    discard()
    const [, ...rest] = flying.splice(0)
    begin()
    giveBackAll(rest)
    onIdle()
  }

  const tick = () => {
    const [head] = flying
    if (head === undefined || server === undefined) return
    const millis = performance.now() - head.startedAt
    if (millis > limits.wallMillis) return replace({ _tag: "timed out" })
    ticksWithProcesses = hasProcesses(server.terminal.pid) ? ticksWithProcesses + 1 : 0
    if (ticksWithProcesses >= suspiciousTicks) replace({ _tag: "killed", reason: "processes" })
  }

  const takeReports = (data: Buffer) => {
    received = received.length === 0 ? data : Buffer.concat([received, data])
    for (;;) {
      const lineEnd = received.indexOf(10)
      const [head] = flying
      if (lineEnd === -1 || head === undefined) return
      const [reportLength = NaN, textLength = NaN] = received.toString("latin1", 0, lineEnd).split(" ").map(Number)
      const start = lineEnd + 1
      const stop = start + reportLength + textLength
      if (Number.isNaN(stop)) return replace({ _tag: "crashed", detail: "its server speaks nonsense" })
      if (received.length < stop) return
      const body = received.subarray(start, stop)
      received = received.subarray(stop)
      if (reportLength === 0) {
        const text = decoder.decode(body)
        const isBroken = deadlySignal.test(server?.lastWords().slice(wordsBefore.length) ?? "")
        end(isBroken ? { _tag: "crashed", detail: "Vim died of a signal" } : { _tag: "left", text })
        continue
      }
      const headEnd = body.indexOf(10)
      const ending = headEnd === -1
        ? readReport("", "", head.nonce)
        : readReport(decoder.decode(body.subarray(0, headEnd)), decoder.decode(body.subarray(headEnd + 1)), head.nonce)
      // A false report was written by the keys; nobody knows what else they did.
      if (ending._tag === "crashed") return replace(ending)
      end(ending)
    }
  }

  const open = () => {
    isStarting = true
    start().then((started) => {
      isStarting = false
      if (isClosed) return started.stop()
      server = started
      started.socket.on("data", takeReports)
      started.socket.on("close", () => {
        if (server === started) replace({ _tag: "crashed", detail: "Vim took its server along" })
      })
      begin()
      for (const flight of flying) send(flight)
    }, (cause: unknown) => {
      isStarting = false
      const detail = cause instanceof Error ? cause.message : String(cause)
      for (const { waiting } of flying.splice(0)) waiting.settle({ _tag: "unavailable", detail })
    })
  }

  return {
    load: () => flying.length,
    push: (waiting) => {
      const flight: Flight = {
        waiting,
        nonce: randomBytes(16).toString("hex"),
        isDropped: false,
        startedAt: performance.now()
      }
      flying.push(flight)
      if (server === undefined) {
        if (!isStarting) open()
        return
      }
      // The clock starts first: the server may be done before this process has its turn again.
      if (flying.length === 1) begin()
      send(flight)
    },
    drop: (waiting) => {
      const at = flying.findIndex((flight) => flight.waiting === waiting)
      const flight = flying[at]
      if (flight === undefined) return
      if (server === undefined) flying.splice(at, 1)
      else if (at === 0) abandon()
      else flight.isDropped = true
    },
    close: () => {
      isClosed = true
      clearInterval(clock)
      const old = server
      server = undefined
      old?.socket.destroy()
      old?.stop()
      for (const { waiting } of flying.splice(0)) {
        waiting.settle({ _tag: "unavailable", detail: "the sandbox is closed" })
      }
    }
  }
}

/**
 * Returns the pids of the children of a process, seen from outside the sandbox; none where the kernel does not tell.
 */
const childrenOf = (pid: number): ReadonlyArray<number> => {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    return text.split(" ").filter((part) => part !== "").map(Number)
  } catch {
    return []
  }
}

/**
 * Whether the attempt that runs has started processes: bubblewrap's child is the server, whose child is the attempt.
 */
const hasProcesses = (bubblewrap: number): boolean => {
  const attempts = childrenOf(bubblewrap).flatMap(childrenOf)
  return attempts.length > 1 || attempts.flatMap(childrenOf).length > 0
}
