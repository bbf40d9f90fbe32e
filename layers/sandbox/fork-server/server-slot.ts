/**
 * One place for a fork server: it gives the server attempts one after the other, keeps time, and starts another server
 * when anything is wrong with the old one. A server begins with a canary, and no outcome is believed at once: it is held
 * until a canary that ran after it, on the same server, has come out right. An attempt under which a server ended runs
 * once more, alone between two canaries of a new server, so that no other can be to blame.
 */
import { randomBytes, randomInt } from "node:crypto"
import { systemWords } from "../../../services/faults/system-words.ts"
import type { Ending } from "../../../services/keys/outcome.ts"
import { type Attempt, type SandboxLimits, SandboxUnavailable } from "../../../services/Sandbox.ts"
import { unavailableFor } from "../room.ts"
import { readCopy, readWrittenReport, renderAttempt } from "../report.ts"
import { type Canary, drawCanary, isAlive } from "./canary.ts"
import type { ForkServer, Left } from "./fork-server.ts"

/** An attempt and who waits for it. */
export interface Waiting {
  readonly attempt: Attempt
  /** Called once, with how the attempt ended and how long it took, or with why there is no outcome to believe. */
  readonly settle: (result: Settled) => void
  /** How many servers ended under it before it had an outcome. */
  deaths: number
}

export type Settled =
  | { readonly _tag: "ended"; readonly ending: Ending; readonly millis: number }
  | { readonly _tag: "unavailable"; readonly unavailable: SandboxUnavailable }

export interface ServerSlot {
  /** Takes attempts, if it has none; starts a server where it needs one. */
  readonly wake: () => void
  /** Whether it has a server that does nothing. */
  readonly isIdle: () => boolean
  /** Takes back an attempt, if this place has it: no more of its keys are typed, and it is never settled. */
  readonly drop: (waiting: Waiting) => void
  readonly close: () => void
}

/** What a place needs: a way to start servers, and a queue. */
export interface SlotOwner {
  /** Starts a server; `onEnd` is called when it ends by itself. */
  readonly start: (onEnd: () => void) => Promise<ForkServer>
  readonly limits: SandboxLimits
  /** Whether more attempts wait than servers are starting. */
  readonly mayStart: () => boolean
  /** The next attempt in the queue. */
  readonly peek: () => Waiting | undefined
  /** Takes it out. */
  readonly take: () => Waiting | undefined
  /** Puts attempts back where they were, at the front. */
  readonly giveBack: (waiting: ReadonlyArray<Waiting>) => void
  /** Called when no server can be started, or when a canary came out wrong. */
  readonly fail: (unavailable: SandboxUnavailable) => void
}

/** How often the time is checked while an attempt runs. */
const tickMillis = 25

/**
 * The most that one check adds to the time of an attempt: when this program was kept from checking, as by an outcome that
 * is large, the attempt may have ended long ago.
 */
const mostTickMillis = 4 * tickMillis

/**
 * In how many checks in a row an attempt may have processes: one for a program that could not be started is gone by
 * then.
 */
const suspiciousTicks = 2

/** A canary comes after so many attempts at most, at random, and whenever no other attempt waits. */
export const mostHeld = 128

/** So many characters of outcomes are held at most, before a canary comes. */
const mostHeldCharacters = 2 ** 22

/** A server that ends under an attempt may have been spoiled by an earlier one; when the second does, it is this one. */
const mostDeaths = 2

/** So many canaries in a row may lose their servers, as when the machine has no memory left, before this is the end. */
const mostLostCanaries = 5

const deadlySignal = /Caught deadly signal|Vim: Caught/

const drawDue = () => randomInt(mostHeld >> 1, mostHeld) + 1

interface Flight {
  readonly task: { readonly _tag: "waiting"; readonly waiting: Waiting } | {
    readonly _tag: "canary"
    readonly canary: Canary
  }
  readonly startedAt: number
  readonly wordsBefore: number
}

interface Held {
  readonly waiting: Waiting
  readonly settled: Settled
}

export const makeServerSlot = ({ fail, giveBack, limits, mayStart, peek, start, take }: SlotOwner): ServerSlot => {
  let server: ForkServer | undefined
  let state: "open" | "starting" | "closed" = "open"
  let flight: Flight | undefined
  let held: Array<Held> = []
  let due = drawDue()
  /** What the server has run: nothing, one canary, or more. */
  let past: "nothing" | "a canary" | "more" = "nothing"
  let lostCanaries = 0
  let clock: NodeJS.Timeout | undefined
  let ticksWithProcesses = 0
  /** How long the attempt has run, and when that was counted. */
  let spentMillis = 0
  let tickedAt = 0

  /** Ends the server and everything that it runs. What it has said since the last canary is asked of another one. */
  const discard = (alsoBack: ReadonlyArray<Waiting> = []) => {
    server?.stop()
    server = undefined
    flight = undefined
    clearInterval(clock)
    const back = [...held.splice(0).map(({ waiting }) => waiting), ...alsoBack]
    if (back.length > 0) giveBack(back)
  }

  const ended = (ending: Ending, startedAt: number): Settled => ({
    _tag: "ended",
    ending,
    millis: performance.now() - startedAt
  })
  const hold = (waiting: Waiting, ending: Ending, startedAt: number) => {
    held.push({ waiting, settled: ended(ending, startedAt) })
  }

  const heldCharacters = () => held.reduce((sum, { settled }) => sum + charactersOf(settled), 0)

  const giveUpFor = (unavailable: SandboxUnavailable) => {
    discard()
    fail(unavailable)
  }
  const giveUp = (part: SandboxUnavailable["part"], detail: string) =>
    giveUpFor(new SandboxUnavailable({ part, detail }))

  const distrust = (ending: Ending) => {
    const what = `an attempt whose end is known ${wordsOf(ending)}`
    if (past === "a canary") return giveUp("confinement", `on a new server, ${what}`)
    const why = "so earlier keys have reached the sandbox itself; no outcome since the last one that was right is given"
    return giveUp("canary", `${what}, ${why}`)
  }

  /** Ends the server and the attempt that it runs. */
  const replace = (ending: Ending) => {
    const old = flight
    if (old?.task._tag === "canary") return ending._tag === "timed out" ? lose() : distrust(ending)
    discard()
    if (old !== undefined) old.task.waiting.settle(ended(ending, old.startedAt))
    wake()
  }

  const tick = () => {
    if (flight === undefined || server === undefined) return
    const now = performance.now()
    spentMillis += Math.min(now - tickedAt, mostTickMillis)
    tickedAt = now
    if (spentMillis > limits.wallMillis) return replace({ _tag: "timed out" })
    ticksWithProcesses = server.hasStowaways(true) ? ticksWithProcesses + 1 : 0
    if (ticksWithProcesses >= suspiciousTicks) replace({ _tag: "killed", reason: "processes" })
  }

  const land = (ending: Ending) => {
    const { startedAt, task } = flight ?? {}
    if (server === undefined || task === undefined || startedAt === undefined) return
    clearInterval(clock)
    if (server.hasStowaways(false)) return replace({ _tag: "killed", reason: "processes" })
    // A false report was written by the keys; nobody knows what else they did.
    if (ending._tag === "crashed") return replace(ending)
    flight = undefined
    if (task._tag === "waiting") {
      hold(task.waiting, ending, startedAt)
      if (task.waiting.deaths > 0) due = 0
    } else if (isAlive(task.canary, ending)) {
      due = drawDue()
      lostCanaries = 0
      for (const { settled, waiting } of held.splice(0)) waiting.settle(settled)
    } else return distrust(ending)
    wake()
  }

  const landText = (left: Left, nonce: string) => {
    const text = left._tag === "report" ? readCopy(left.bytes, nonce) : undefined
    if (text === undefined) {
      // The file is there before the keys are typed. Where it is not, they have removed it or were never typed; the
      // second time, on a server that nobody else has used, they have removed it.
      const isFirst = flight?.task._tag !== "waiting" || flight.task.waiting.deaths === 0
      return isFirst ? lose() : land({ _tag: "left", text: "" })
    }
    const isBroken = deadlySignal.test(server?.wordsSince(flight?.wordsBefore ?? 0) ?? "")
    land(isBroken ? { _tag: "crashed", detail: "Vim died of a signal" } : { _tag: "left", text })
  }

  const landReport = (left: Left, nonce: string) => {
    if (left._tag === "report") return land(readWrittenReport(left.bytes, nonce))
    if (left._tag === "too much") return replace({ _tag: "killed", reason: "output" })
    const textNonce = makeNonce()
    server?.text(textNonce, (copy) => landText(copy, textNonce))
  }

  /** The server ended, or never typed what it was given, through this attempt, the one before, or the machine. */
  const lose = () => {
    const { startedAt = 0, task } = flight ?? {}
    const suspect = task?._tag === "waiting" ? task.waiting : past === "nothing" ? undefined : held.at(-1)?.waiting
    if (task?._tag === "canary" && ++lostCanaries === mostLostCanaries) {
      return giveUp("confinement", "its servers end by themselves, or are too busy for an attempt that takes no time")
    }
    if (suspect !== undefined) suspect.deaths++
    if (suspect === undefined || suspect.deaths < mostDeaths) {
      discard(task?._tag === "waiting" ? [task.waiting] : [])
      return wake()
    }
    held = held.filter(({ waiting }) => waiting !== suspect)
    discard()
    // Whether it was the keys or the machine, the canary of the next server tells.
    hold(suspect, { _tag: "crashed", detail: "Vim took its server along" }, startedAt)
    wake()
  }

  const fly = (task: Flight["task"]) => {
    if (server === undefined) return
    const { attempt } = task._tag === "waiting" ? task.waiting : task.canary
    const nonce = makeNonce()
    flight = { task, startedAt: performance.now(), wordsBefore: server.spoken() }
    past = past === "nothing" ? "a canary" : "more"
    ticksWithProcesses = 0
    spentMillis = 0
    tickedAt = performance.now()
    clock = setInterval(tick, tickMillis)
    try {
      server.attempt(renderAttempt(attempt), nonce, (left) => landReport(left, nonce))
    } catch (cause) {
      if (task._tag === "waiting") giveBack([task.waiting])
      giveUp("confinement", `its attempts cannot be written: ${systemWords(cause)}`)
    }
  }

  const open = () => {
    state = "starting"
    const onEnd = () => {
      if (flight !== undefined) return lose()
      discard()
      wake()
    }
    start(onEnd).then((started) => {
      if (state === "closed") return started.stop()
      state = "open"
      server = started
      past = "nothing"
      wake()
    }, (cause: unknown) => {
      if (state === "closed") return
      state = "open"
      giveUpFor(unavailableFor(cause))
    })
  }

  const wake = () => {
    if (state !== "open" || flight !== undefined) return
    const next = peek()
    if (next === undefined && held.length === 0) return
    if (server === undefined) {
      if (held.length > 0 || mayStart()) open()
      return
    }
    const isDue = held.length > 0 &&
      (held.length >= due || heldCharacters() > mostHeldCharacters || next === undefined || next.deaths > 0)
    if (past === "nothing" || isDue) return fly({ _tag: "canary", canary: drawCanary() })
    if (past === "more" && next !== undefined && next.deaths > 0) {
      discard()
      return open()
    }
    const waiting = take()
    if (waiting !== undefined) fly({ _tag: "waiting", waiting })
  }

  return {
    wake,
    isIdle: () => server !== undefined && flight === undefined,
    drop: (waiting) => {
      held = held.filter((one) => one.waiting !== waiting)
      if (flight?.task._tag !== "waiting" || flight.task.waiting !== waiting) return
      discard()
      wake()
    },
    close: () => {
      const inFlight = flight?.task._tag === "waiting" ? [flight.task.waiting] : []
      discard(inFlight)
      state = "closed"
    }
  }
}

const charactersOf = (settled: Settled): number =>
  settled._tag === "ended" && "text" in settled.ending ? settled.ending.text.length : 0

const nonceBytes = 16

/** Random bytes for nonces to come: asking for those of one takes as long as asking for many. */
let unused = Buffer.alloc(0)

const makeNonce = (): string => {
  if (unused.length === 0) unused = randomBytes(256 * nonceBytes)
  const nonce = unused.toString("hex", 0, nonceBytes)
  unused = unused.subarray(nonceBytes)
  return nonce
}

const wordsOf = (ending: Ending): string =>
  ending._tag === "finished" || ending._tag === "left" ? "ended with another text" : `came out as "${ending._tag}"`
