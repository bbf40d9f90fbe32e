/** The line that says what happened, or why not. It goes as soon as something else works. */
import { byId } from "./dom.ts"
import { ServerAway } from "./server.ts"

const line = byId("message", HTMLElement)
let spoken = 0

export const say = (text: string): void => {
  spoken++
  line.textContent = text
}

/** What is done once a server that was away answers again. */
let whenBack: () => Promise<boolean> = () => Promise.resolve(true)
export const onReturn = (isBack: () => Promise<boolean>): void => {
  whenBack = isBack
}

const pauseMillis = 1500
let isWaiting = false

const waitForServer = () => {
  if (isWaiting) return
  isWaiting = true
  const look = setInterval(() => {
    void whenBack().then((isBack) => {
      if (!isBack) return
      clearInterval(look)
      isWaiting = false
      say("")
    })
  }, pauseMillis)
}

/** Does something, and says what went wrong. What was said before goes, unless this says something itself. */
export const guarded = async (work: () => Promise<void> | void): Promise<void> => {
  const before = spoken
  try {
    await work()
    if (spoken === before) say("")
  } catch (cause) {
    // Who has gone on waits for nothing.
    if (cause instanceof DOMException && cause.name === "AbortError") return
    say(cause instanceof Error ? cause.message : String(cause))
    if (cause instanceof ServerAway) waitForServer()
  }
}
