/** Goes from place to place inside the page: each place has its address, and Back goes back to the one before. */
import { type Address, parseAddress, printAddress } from "./address.ts"
import { byId } from "./dom.ts"

/** Draws a place. `signal` ends what it asks for once the person has gone on. */
export type Render = (address: Address, signal: AbortSignal) => Promise<void>

const main = byId("main", HTMLElement)
let current: Address = parseAddress(location.hash)
let render: Render = () => Promise.resolve()
let leaving = new AbortController()
let steppedAt = -Infinity

/** Steps that follow each other faster are one step for Back: nobody looked at what is between. Milliseconds. */
const fastStep = 400

export const here = (): Address => current

/** Whether what stands on the page is where a person is, and not where they came from. */
export const hasArrived = (): boolean => !main.hasAttribute("aria-busy")

const draw = async (): Promise<void> => {
  leaving.abort()
  leaving = new AbortController()
  const { signal } = leaving
  main.setAttribute("aria-busy", "true")
  await render(current, signal)
  if (!signal.aborted) main.removeAttribute("aria-busy")
}

/** Draws the place again, as it is now. */
export const redraw = (): Promise<void> => draw()

export const visit = (change: Partial<Address>): Promise<void> => {
  const next = { ...current, ...change }
  // A step changes nothing but the row.
  const isStep = printAddress({ ...next, row: 0, place: 0 }) === printAddress({ ...current, row: 0, place: 0 })
  const isFast = isStep && performance.now() - steppedAt < fastStep
  if (isStep) steppedAt = performance.now()
  current = next
  const address = printAddress(next)
  if (isFast || address === location.hash) history.replaceState(history.state, "", address)
  else history.pushState(null, "", address)
  return draw()
}

/** Changes the address of where a person is, and draws nothing. */
export const note = (change: Partial<Address>, kept: unknown = history.state): void => {
  current = { ...current, ...change }
  history.replaceState(kept, "", printAddress(current))
}

/** Starts at the address of the page, and follows Back, Forward and what is typed into the address. */
export const follow = (drawPlace: Render, guarded: (work: () => Promise<void>) => unknown): void => {
  render = drawPlace
  addEventListener("popstate", () => {
    current = parseAddress(location.hash)
    guarded(draw)
  })
  guarded(draw)
}
