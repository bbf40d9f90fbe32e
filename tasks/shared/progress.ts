/** Draws a task's progress on standard error: a bar on a terminal, a line every few seconds elsewhere. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Screen } from "./terminal.ts"

export interface Progress {
  /** Says how far the work has come. */
  readonly advance: (
    state: { readonly done: number; readonly size: number; readonly rows: number; readonly unit: string }
  ) => Effect.Effect<void>
  /** Says something once, above the bar. */
  readonly say: (message: string) => Effect.Effect<void>
  /** Takes the bar away. */
  readonly end: Effect.Effect<void>
}

const barMillis = 100
const lineMillis = 5000

export const makeProgress = Effect.fnUntraced(function*(isQuiet: boolean) {
  const screen = yield* Screen
  const started = yield* Clock.currentTimeMillis
  let drawn = started - (screen.isInteractive ? barMillis : 0)
  let hasBar = false
  // Whether more was to be done. Where the size is not known, all that there is is always done.
  let hadMore = false
  const clear = Effect.suspend(() => {
    if (!hasBar) return Effect.void
    hasBar = false
    return screen.redraw("")
  })
  const progress: Progress = {
    advance: (state) =>
      Effect.gen(function*() {
        if (isQuiet) return
        const now = yield* Clock.currentTimeMillis
        const hasMore = state.done < state.size
        const isLast = hadMore && !hasMore
        hadMore = hasMore
        if (now - drawn < (screen.isInteractive ? barMillis : lineMillis) && !isLast) return
        if (!screen.isInteractive && now - started < lineMillis) return
        drawn = now
        const text = describe(state, now - started)
        if (!screen.isInteractive) return yield* screen.note(`${text}\n`)
        hasBar = true
        const room = Math.max(0, Math.min(30, screen.columns - text.length - 4))
        const full = Math.round(room * state.done / Math.max(1, state.size))
        yield* screen.redraw(`${room < 8 ? "" : `${"█".repeat(full)}${"░".repeat(room - full)} `}${text}`)
      }),
    say: (message) => isQuiet ? Effect.void : Effect.zipRight(clear, screen.note(`${message}\n`)),
    end: clear
  }
  return progress
})

const describe = (
  { done, rows, size, unit }: {
    readonly done: number
    readonly size: number
    readonly rows: number
    readonly unit: string
  },
  millis: number
): string => {
  const seconds = Math.max(millis, 1) / 1000
  const left = done === 0 ? null : (size - done) * seconds / done
  return `${done}/${size} ${unit}, ${rows} rows, ${Math.round(rows / seconds)} rows/s` +
    (left === null || done >= size ? "" : `, ${formatSeconds(left)} left`)
}

const formatSeconds = (seconds: number): string =>
  seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`
