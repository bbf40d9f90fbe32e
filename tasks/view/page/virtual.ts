/** A list of any length of which only the rows in view are drawn. */
import { element } from "./dom.ts"

/** Browsers cannot lay out what is higher; a longer list moves faster than its bar. Pixels. */
const mostPixels = 8_000_000
/** So many rows are drawn above and below those in view. */
const spare = 12

export interface VirtualList {
  readonly body: HTMLElement
  /** Says how many rows there are. */
  readonly setCount: (count: number) => void
  /** Draws the rows in view anew. */
  readonly draw: () => void
  /** Scrolls as little as brings a row into view. */
  readonly reveal: (place: number) => void
  /** How many rows fit. */
  readonly page: () => number
  readonly offset: () => number
  readonly scrollTo: (offset: number) => void
}

/** `scroller` scrolls the body and what stands above it; `covered` is how much of its top that always covers. */
export const makeVirtualList = (
  scroller: HTMLElement,
  { covered, draw, rowPixels }: {
    readonly covered: () => number
    readonly rowPixels: () => number
    /** Gives the rows of these places; `first` is the one before which none is drawn. */
    readonly draw: (first: number, behind: number) => ReadonlyArray<HTMLElement>
  }
): VirtualList => {
  const body = element("div", { class: "body", role: "rowgroup" })
  let count = 0
  /** Where the view begins in the whole list, in pixels; the bar of a long list is too coarse to tell. */
  let offset = 0
  let expected = 0
  let isDue = false

  const whole = () => count * rowPixels()
  const laidOut = () => Math.min(whole(), mostPixels)
  const above = () => Math.max(0, body.offsetTop - covered())
  const room = () => Math.max(rowPixels(), scroller.clientHeight - covered())
  const isLong = () => whole() > mostPixels
  const factor = () => (isLong() ? (whole() - room()) / Math.max(1, laidOut() - room()) : 1)

  const drawNow = () => {
    isDue = false
    const height = rowPixels()
    const first = Math.max(0, Math.floor(offset / height) - spare)
    const behind = Math.min(count, Math.ceil((offset + room()) / height) + spare)
    const rows = draw(first, behind)
    const shift = offset - offset / factor()
    for (const [index, row] of rows.entries()) row.style.top = `${(first + index) * height - shift}px`
    body.replaceChildren(...rows)
  }
  const drawSoon = () => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(drawNow)
  }
  const moveTo = (wanted: number) => {
    offset = Math.min(Math.max(0, wanted), Math.max(0, whole() - room()))
    expected = Math.round(above() + offset / factor())
    scroller.scrollTop = expected
    drawSoon()
  }

  scroller.addEventListener("scroll", () => {
    // What was set here is not read back: the bar knows it less exactly.
    if (Math.abs(scroller.scrollTop - expected) > 1) {
      expected = scroller.scrollTop
      offset = Math.max(0, (scroller.scrollTop - above()) * factor())
    }
    drawSoon()
  })
  scroller.addEventListener("wheel", (event) => {
    if (!isLong() || event.ctrlKey || event.deltaY === 0) return
    event.preventDefault()
    moveTo(offset + event.deltaY * (event.deltaMode === 1 ? rowPixels() : 1))
  }, { passive: false })
  new ResizeObserver(drawSoon).observe(scroller)

  return {
    body,
    setCount: (next) => {
      count = next
      body.style.height = `${laidOut()}px`
      drawSoon()
    },
    draw: drawSoon,
    reveal: (place) => {
      const height = rowPixels()
      if (place * height < offset) moveTo(place * height)
      else if ((place + 1) * height > offset + room()) moveTo((place + 1) * height - room())
    },
    page: () => Math.max(1, Math.floor(room() / rowPixels()) - 1),
    offset: () => offset,
    scrollTo: moveTo
  }
}
