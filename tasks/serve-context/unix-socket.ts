/** Makes the path of a Unix socket free: what a server that was killed left there is removed, and nothing else. */
import { lstat, unlink } from "node:fs/promises"
import { connect } from "node:net"
import * as Effect from "effect/Effect"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"
import { CannotListen } from "../shared/cannot-listen.ts"

/** Bytes that the system keeps of a path; it listens at the beginning of a longer one. */
const longestPath = process.platform === "linux" ? 107 : 103

/** Removes a socket that nobody listens at; fails where somebody does, or where something else is. */
export const claimPath = Effect.fnUntraced(function*(path: string) {
  const refused = (detail: string) => new CannotListen({ address: `"${path}"`, detail })
  if (Buffer.byteLength(path) > longestPath) {
    return yield* refused(`the path of a socket has ${longestPath} bytes at the most: pass another path`)
  }
  const stats = yield* Effect.tryPromise({ try: () => lstat(path), catch: systemCode }).pipe(
    Effect.catchAll((code) => code === "ENOENT" ? Effect.succeed(undefined) : refused(systemWords({ code })))
  )
  if (stats === undefined) return
  if (!stats.isSocket()) return yield* refused("what is there is no socket: remove it, or pass another path")
  const code = yield* knock(path)
  if (code === undefined || code === "EAGAIN") {
    return yield* refused("another program listens there: end it, or pass another path")
  }
  if (code !== "ECONNREFUSED") return yield* refused(systemWords({ code }))
  yield* Effect.tryPromise({ try: () => unlink(path), catch: (cause) => refused(systemWords(cause)) })
})

/** The code of the refusal; undefined where somebody opens. */
const knock = (path: string): Effect.Effect<string | undefined> =>
  Effect.async((resume) => {
    const socket = connect(path)
    socket.on("error", (cause) => resume(Effect.succeed(systemCode(cause))))
    socket.on("connect", () => {
      socket.destroy()
      resume(Effect.succeed(undefined))
    })
    return Effect.sync(() => socket.destroy())
  })
