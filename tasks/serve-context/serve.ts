/**
 * One connection: bytes in, messages in their order through a session, answers out. A request that is cancelled, or
 * made needless by a newer one for the same file, is not worked on; one that waits for somebody else lets others by. The end
 * of the input is the end of the session.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { turnOfEventLoop } from "../shared/event-loop.ts"
import { type Frame, type Framing, makeFramer, renderFrame } from "./framing.ts"
import {
  ErrorCode,
  errorOf,
  type Id,
  readMessages,
  type Refused,
  resultOf,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
  takenBackBy
} from "./protocol.ts"
import type { ContextSession, Notify } from "./session.ts"

export interface Connection {
  readonly incoming: Stream.Stream<Uint8Array>
  /** Writes to the client and waits until it is taken. */
  readonly send: (text: string) => Effect.Effect<void>
  /** Parts with a client that does not read, and says so. */
  readonly cutOff: (why: string) => Effect.Effect<void>
  /** Ends when nobody can read our answers any more. */
  readonly abandoned: Effect.Effect<void>
}

/** Messages, and bytes of them, that wait before the reader lets the client wait. */
const mostWaiting = 4096
const mostBytesWaiting = 8 * 1024 * 1024

/** How long a client may take nothing of what it is sent, looked at once a second. */
const patienceSeconds = 10

interface QueuedWork {
  readonly messages: ReadonlyArray<RpcMessage>
  readonly isBatch: boolean
  readonly framing: Framing
  readonly bytes: number
}

export const serve = Effect.fn("serveContext.serve")(function*(connection: Connection, session: ContextSession) {
  const queue = yield* Queue.bounded<QueuedWork | "end">(mostWaiting)
  const room = yield* Effect.makeLatch(true)
  let bytesWaiting = 0
  /** Counts what is sent, and says whether the client has yet to take it. */
  const sending = { number: 0, isWaiting: false }
  const framer = makeFramer()
  const running: { id: Id | undefined; stop: Effect.Effect<unknown> } = { id: undefined, stop: Effect.void }
  /** Requests that were begun and let others by, by their ids. */
  const begun = new Map<string, Fiber.RuntimeFiber<unknown, Refused>>()
  const answering = yield* FiberSet.make()
  const newer = makeNewer(session)
  /** How many requests of an id wait, by "number" or "string" and value, and which are not to be worked on. */
  const waitingIds = new Map<string, number>()
  const cancelled = new Set<string>()

  const offer = Effect.fnUntraced(function*(frames: ReadonlyArray<Frame>) {
    for (const frame of frames) {
      const { isBatch, messages } = frame._tag === "text"
        ? readMessages(frame.text)
        : {
          isBatch: false,
          messages: [{ _tag: "invalid", id: null, code: ErrorCode.Parse, message: frame.detail } as const]
        }
      for (const message of messages) yield* heed(message)
      const bytes = frame._tag === "text" ? frame.text.length : 0
      yield* room.await
      bytesWaiting += bytes
      if (bytesWaiting > mostBytesWaiting) yield* room.close
      yield* Queue.offer(queue, { messages, isBatch, framing: frame.framing, bytes })
    }
  })

  /** A cancellation overtakes what waits; one of a request that is answered already means no later one of its id. */
  const heed = (message: RpcMessage): Effect.Effect<unknown> => {
    if (message._tag === "request") {
      const key = keyOf(message.id)
      waitingIds.set(key, (waitingIds.get(key) ?? 0) + 1)
    }
    const id = takenBackBy(message)
    if (id === undefined) return Effect.void
    if (running.id === id) return running.stop
    const other = begun.get(keyOf(id))
    if (other !== undefined) return Fiber.interruptFork(other)
    if (waitingIds.has(keyOf(id))) cancelled.add(keyOf(id))
    return Effect.void
  }

  /** Takes a request out of those that wait; says whether it was taken back. */
  const isTakenBack = ({ id }: RpcRequest): boolean => {
    const key = keyOf(id)
    const left = (waitingIds.get(key) ?? 1) - 1
    if (left === 0) waitingIds.delete(key)
    else waitingIds.set(key, left)
    return cancelled.delete(key)
  }

  const read = connection.incoming.pipe(
    Stream.runForEach((bytes) => offer(framer.push(bytes))),
    Effect.zipRight(Effect.suspend(() => offer(framer.end()))),
    Effect.zipRight(Queue.offer(queue, "end"))
  )

  const cancelCode = () => session.isNegotiated() ? ErrorCode.Cancelled : ErrorCode.Server

  const cancelledAnswer = (id: Id) => session.answersCancelled ? errorOf(id, cancelCode(), "cancelled") : undefined

  const answer = Effect.fnUntraced(
    function*(request: RpcRequest, framing: Framing, notify: Notify, isNeedless: boolean) {
      const { id } = request
      if (isTakenBack(request)) return cancelledAnswer(id)
      if (isNeedless) return errorOf(id, cancelCode(), "cancelled: a newer request for the file came")
      const fiber = yield* Effect.fork(session.answer(request, framing, notify))
      running.id = id
      running.stop = Fiber.interruptFork(fiber)
      const exit = yield* Fiber.await(fiber)
      running.id = undefined
      return yield* answerOf(id, exit)
    }
  )

  const answerOf = Effect.fnUntraced(
    function*(id: Id, exit: Exit.Exit<unknown, Refused>) {
      if (exit._tag === "Success") return resultOf(id, exit.value)
      const { cause } = exit
      if (cause._tag === "Fail") return errorOf(id, cause.error.code, cause.error.message, cause.error.data)
      if (Cause.isInterruptedOnly(cause)) return cancelledAnswer(id)
      yield* Effect.logError("request failed", cause)
      return errorOf(
        id,
        session.isNegotiated() ? ErrorCode.Internal : ErrorCode.Server,
        "internal error; see standard error"
      )
    }
  )

  /** Begins a request and gives whether it lets others by; its answer is sent when it is there. */
  const letsBy = Effect.fnUntraced(function*(request: RpcRequest, framing: Framing, send: Send) {
    const { id } = request
    const beginning = cancelled.has(keyOf(id)) ? undefined : session.begin(request, framing)
    if (beginning === undefined) return false
    isTakenBack(request)
    const begins = yield* Effect.exit(beginning)
    const fiber = yield* Effect.fork(begins._tag === "Success" ? begins.value : begins)
    begun.set(keyOf(id), fiber)
    yield* FiberSet.run(
      answering,
      Effect.gen(function*() {
        const exit = yield* Fiber.await(fiber)
        if (begun.get(keyOf(id)) === fiber) begun.delete(keyOf(id))
        const answered = yield* answerOf(id, exit)
        if (answered !== undefined) yield* send(answered)
      })
    )
    return true
  })

  const handle = Effect.fnUntraced(function*({ framing, isBatch, messages }: QueuedWork) {
    const send: Send = (message) => {
      sending.number++
      sending.isWaiting = true
      return Effect.map(connection.send(renderFrame(message, framing)), () => {
        sending.isWaiting = false
      })
    }
    const notify: Notify = (method, params) => send({ jsonrpc: "2.0", method, params })
    const answers: Array<unknown> = []
    for (const message of messages) {
      if (session.isOver()) {
        if (message._tag === "request") {
          answers.push(errorOf(message.id, ErrorCode.InvalidRequest, "the session is over"))
        }
        continue
      }
      switch (message._tag) {
        case "request": {
          // The answers of a batch wait for each other.
          if (!isBatch && (yield* letsBy(message, framing, send))) break
          const answered = yield* answer(message, framing, notify, newer.leave(message))
          if (answered !== undefined) answers.push(answered)
          break
        }
        case "notification":
          yield* take(session, message)
          break
        case "invalid":
          answers.push(errorOf(message.id, message.code, message.message))
          break
        case "response":
          break
      }
    }
    if (isBatch && answers.length > 0) return yield* send(answers)
    for (const one of answers) yield* send(one)
  })

  const work = Effect.gen(function*() {
    const waiting: Array<QueuedWork | "end"> = []
    let at = 0
    for (;;) {
      if (at === waiting.length) waiting.push(yield* Queue.take(queue))
      // What waits is looked through for requests that make others needless, up to a bound: then the client waits.
      if (waiting.length - at < mostWaiting) {
        for (const next of yield* Queue.takeAll(queue)) waiting.push(next)
      }
      newer.enter(waiting)
      const next = waiting[at++]
      if (at === mostWaiting || at === waiting.length) {
        waiting.splice(0, at)
        at = 0
      }
      // Whoever has asked is answered, although nothing more is asked.
      if (next === undefined || next === "end") return yield* FiberSet.awaitEmpty(answering)
      yield* handle(next)
      bytesWaiting -= next.bytes
      if (bytesWaiting <= mostBytesWaiting) yield* room.open
      if (session.isOver()) return
      // What the client sent in the meantime is read before more work is done: it may be a cancellation.
      yield* turnOfEventLoop
    }
  })

  /** Ends when the client has taken nothing for too long. */
  const patience = Effect.gen(function*() {
    for (let seconds = 0, number = 0; seconds < patienceSeconds;) {
      yield* Effect.sleep("1 second")
      seconds = sending.isWaiting && sending.number === number ? seconds + 1 : 0
      number = sending.number
    }
    yield* connection.cutOff(`Cannot answer a client: it has read nothing for ${patienceSeconds} seconds`)
  })

  const gone = yield* Deferred.make<void>()
  yield* Effect.forkScoped(Effect.zipRight(patience, Deferred.succeed(gone, undefined)))
  for (const end of [connection.abandoned, session.orphaned]) {
    yield* Effect.forkScoped(Effect.zipRight(end, Deferred.succeed(gone, undefined)))
  }
  const reader = yield* Effect.fork(read)
  yield* Effect.race(work, Deferred.await(gone))
  yield* Fiber.interruptFork(reader)
})

/** Sends a message to the client. */
type Send = (message: unknown) => Effect.Effect<void>

const keyOf = (id: Id): string => `${typeof id} ${String(id)}`

/** A notification that fails changes nothing for the client: it is told to whoever reads the log. */
const take = (session: ContextSession, notification: RpcNotification): Effect.Effect<void> =>
  Effect.catchAllCause(session.take(notification), (cause) => Effect.logWarning("notification failed", cause))

/** Counts the requests that wait by what they are about, each looked at once. */
const makeNewer = (session: ContextSession) => {
  const subjects = new Map<RpcRequest, string>()
  const counts = new Map<string, number>()
  const seen = new WeakSet<QueuedWork>()
  const enter = (waiting: ReadonlyArray<QueuedWork | "end">) => {
    for (let at = waiting.length - 1; at >= 0; at--) {
      const work = waiting[at]
      if (work === undefined || work === "end") continue
      if (seen.has(work)) return
      seen.add(work)
      for (const message of work.messages) {
        const subject = message._tag === "request" ? session.subjectOf(message) : undefined
        if (message._tag !== "request" || subject === undefined) continue
        subjects.set(message, subject)
        counts.set(subject, (counts.get(subject) ?? 0) + 1)
      }
    }
  }
  /** Takes a request out; says whether another one about the same waits. */
  const leave = (request: RpcRequest): boolean => {
    const subject = subjects.get(request)
    if (subject === undefined) return false
    subjects.delete(request)
    const left = (counts.get(subject) ?? 1) - 1
    if (left === 0) counts.delete(subject)
    else counts.set(subject, left)
    return left > 0
  }
  return { enter, leave }
}
