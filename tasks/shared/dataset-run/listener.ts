/** What a run tells while it is under way. */
import * as Effect from "effect/Effect"
import type { Progress } from "../progress.ts"

export type RunEvent =
  | { readonly _tag: "opened"; readonly repository: string }
  | { readonly _tag: "planned"; readonly size: number; readonly unit: string }
  /** It was asked to go on with a broken run, and there is none. */
  | { readonly _tag: "began anew"; readonly place: string }
  | WorkedEvent
  | { readonly _tag: "writing" }
  | { readonly _tag: "warned"; readonly message: string }

/** How far the work has come. */
export interface WorkedEvent {
  readonly _tag: "worked"
  readonly done: number
  readonly size: number
  readonly unit: string
  readonly rows: number
}

/** Tells how far work has come. Its size may be unknown, which is 0, or that of packed rows: it is as long as what is done. */
export const workedEvent = (
  work: { readonly size: number; readonly unit: string },
  done: number,
  rows: number
): WorkedEvent => {
  const whole = Math.ceil(done)
  return { _tag: "worked", done: whole, size: Math.max(work.size, whole), unit: work.unit, rows }
}

export type RunListener = (event: RunEvent) => Effect.Effect<void>

/** Shows a run's events where its progress is shown. */
export const showProgress = (progress: Progress): RunListener => (event) => {
  switch (event._tag) {
    case "opened":
      return progress.say(`Reading ${event.repository}`)
    case "planned":
      return Effect.void
    case "began anew":
      return progress.say(`Nothing to resume in ${event.place}: starting anew`)
    case "worked":
      return progress.advance(event)
    case "writing":
      return progress.end
    case "warned":
      return progress.say(`Warning: ${event.message}`)
  }
}
