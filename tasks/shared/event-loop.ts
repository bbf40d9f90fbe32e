/** Where work goes on for long, what came in meanwhile is to be heard: a signal, a cancellation, another client. */
import * as Effect from "effect/Effect"

/** Waits until the event loop has been round. */
export const turnOfEventLoop = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})
