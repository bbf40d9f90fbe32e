/**
 * One connection: bytes in, messages in their order through a session, answers out. A request that is cancelled, or
 * made needless by a newer one for the same file, is not worked on; the end of the input is the end of the session.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type Frame, type Framing, makeFramer, renderFrame } from "./framing.ts"
import {
  ErrorCode,
  errorOf,
  type Id,
  isRecord,
  type Message,
  type Notification,
  readMessages,
  type Request,
  resultOf
} from "./protocol.ts"
import type { Notify, Session } from "./session.ts"

export interface Connection {
  readonly incoming: Stream.Stream<Uint8Array>
  /** Writes to the client and waits until it is taken. */
  readonly send: (text: string) => Effect.Effect<void>
  /** Ends when nobody can read our answers any more. */
  readonly abandoned: Effect.Effect<void>
}

/** Messages that wait before the reader lets the client wait. */
const mostWaiting = 4096

interface Work {
  readonly messages: ReadonlyArray<Message>
  readonly isBatch: boolean
  readonly framing: Framing
}

export const serve = Effect.fn("serve")(function*(connection: Connection, session: Session) {
  const queue = yield* Queue.bounded<Work | "end">(mostWaiting)
  const framer = makeFramer()
  const running: { id: Id | undefined; stop: Effect.Effect<unknown> } = { id: undefined, stop: Effect.void }
  /** Ids whose requests wait and are not to be worked on, by "number" or "string" and value. */
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
      yield* Queue.offer(queue, { messages, isBatch, framing: frame.framing })
    }
  })

  /** A cancellation overtakes what waits. */
  const heed = (message: Message): Effect.Effect<unknown> => {
    if (message._tag !== "notification" || message.method !== "$/cancelRequest") return Effect.void
    const id = isRecord(message.params) ? message.params["id"] : undefined
    if (typeof id !== "string" && typeof id !== "number") return Effect.void
    if (running.id === id) return running.stop
    return Effect.sync(() => {
      // Ids that never come must not pile up.
      if (cancelled.size > mostWaiting) cancelled.clear()
      cancelled.add(keyOf(id))
    })
  }

  const read = connection.incoming.pipe(
    Stream.runForEach((bytes) => offer(framer.push(bytes))),
    Effect.zipRight(Effect.suspend(() => offer(framer.end()))),
    Effect.zipRight(Queue.offer(queue, "end"))
  )

  const cancelCode = () => session.isNegotiated() ? ErrorCode.Cancelled : ErrorCode.Server

  const answer = Effect.fnUntraced(function*(request: Request, framing: Framing, notify: Notify, isNeedless: boolean) {
    const { id } = request
    if (cancelled.delete(keyOf(id))) return errorOf(id, cancelCode(), "cancelled")
    if (isNeedless) return errorOf(id, cancelCode(), "cancelled: a newer request for the file came")
    const fiber = yield* Effect.fork(session.answer(request, framing, notify))
    running.id = id
    running.stop = Fiber.interruptFork(fiber)
    const exit = yield* Fiber.await(fiber)
    running.id = undefined
    if (exit._tag === "Success") return resultOf(id, exit.value)
    const { cause } = exit
    if (cause._tag === "Fail") return errorOf(id, cause.error.code, cause.error.message)
    if (cause._tag === "Interrupt") return errorOf(id, cancelCode(), "cancelled")
    yield* Effect.logError("request failed", cause)
    return errorOf(
      id,
      session.isNegotiated() ? ErrorCode.Internal : ErrorCode.Server,
      "internal error; see standard error"
    )
  })

  const handle = Effect.fnUntraced(function*({ framing, isBatch, messages }: Work, newer: ReadonlySet<Request>) {
    const send = (message: unknown) => connection.send(renderFrame(message, framing))
    const notify: Notify = (method, params) => send({ jsonrpc: "2.0", method, params })
    const answers: Array<unknown> = []
    for (const message of messages) {
      if (session.isOver()) break
      switch (message._tag) {
        case "request":
          answers.push(yield* answer(message, framing, notify, newer.has(message)))
          break
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
    let waiting: Array<Work | "end"> = []
    for (;;) {
      if (waiting.length === 0) waiting = [yield* Queue.take(queue)]
      waiting.push(...yield* Queue.takeAll(queue))
      const next = waiting.shift()
      if (next === undefined || next === "end") return
      yield* handle(next, waiting.length === 0 ? none : needlessOf(session, next, waiting))
      if (session.isOver()) return
      // What the client sent in the meantime is read before more work is done: it may be a cancellation.
      yield* turnOfEventLoop
    }
  })

  const gone = yield* Deferred.make<void>()
  yield* Effect.forkScoped(Effect.zipRight(connection.abandoned, Deferred.succeed(gone, undefined)))
  const reader = yield* Effect.fork(read)
  yield* Effect.race(work, Deferred.await(gone))
  yield* Fiber.interruptFork(reader)
})

const none: ReadonlySet<Request> = new Set()

const keyOf = (id: Id): string => `${typeof id} ${String(id)}`

/** A notification that fails changes nothing for the client: it is told to whoever reads the log. */
const take = (session: Session, notification: Notification): Effect.Effect<void> =>
  Effect.catchAllCause(session.take(notification), (cause) => Effect.logWarning("notification failed", cause))

/** The requests of `work` that a request that waits makes needless. */
const needlessOf = (session: Session, work: Work, waiting: ReadonlyArray<Work | "end">): ReadonlySet<Request> => {
  const subjects = new Set<string>()
  for (const other of waiting) {
    if (other === "end") continue
    for (const message of other.messages) {
      const subject = message._tag === "request" ? session.subjectOf(message) : undefined
      if (subject !== undefined) subjects.add(subject)
    }
  }
  const requests = work.messages.filter((message): message is Request => message._tag === "request")
  return new Set(requests.filter((request) => subjects.has(session.subjectOf(request) ?? "\0")))
}

const turnOfEventLoop = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})
