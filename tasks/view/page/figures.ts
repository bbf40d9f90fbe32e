/** The figures of a file: bars that filter when they are clicked. */
import { describeFaults } from "../../../services/measures/describe-faults.ts"
import type { StatsAnswer } from "../web/protocol.ts"
import { element } from "./dom.ts"

const mostBars = 16

interface FigureBar {
  readonly name: string
  readonly count: number
  readonly muted?: number
  readonly choose?: () => void
}

const chart = (title: string, bars: ReadonlyArray<FigureBar>): HTMLElement => {
  const most = Math.max(1, ...bars.map(({ count, muted = 0 }) => count + muted))
  const grid = element("div", { class: "bars" })
  for (const { choose, count, muted = 0, name } of bars) {
    const bar = element("button", choose === undefined ? { disabled: "" } : { title: `only ${name}` })
    bar.style.width = `${count / most * 100}%`
    if (choose !== undefined) bar.addEventListener("click", choose)
    const track = element("div", { class: "track" }, bar)
    if (muted > 0) {
      const rest = element("div", { class: "muted", title: `${muted} left out` })
      rest.style.width = `${muted / most * 100}%`
      track.append(rest)
    }
    grid.append(
      element("span", { class: "name", title: name }, name),
      track,
      element("span", {}, muted === 0 ? String(count) : `${count} of ${count + muted}`)
    )
  }
  return element("section", {}, element("h2", {}, title), grid)
}

/** `filter` is called with the field and the value of a bar that was clicked. */
export const figuresElement = (
  { funnel, stats }: StatsAnswer,
  filter: (key: string, value: string) => void
): ReadonlyArray<HTMLElement> => {
  const { length } = stats
  return [
    element(
      "p",
      {},
      `${stats.rows} rows${describeFaults(stats)}; characters a row: ` +
        `median ${length.median}, 90 % ${length.p90}, 99 % ${length.p99}, most ${length.most}`
    ),
    chart("Shapes", Object.entries(stats.shapes).map(([name, count]) => ({ name, count }))),
    ...Object.entries(stats.fields).map(([key, counts]) =>
      chart(
        key,
        Object.entries(counts).slice(0, mostBars).map(([name, count]) => ({
          name,
          count,
          choose: () => filter(key, name)
        }))
      )
    ),
    chart(
      "Lengths, in characters",
      Object.entries(stats.lengths).sort(([a], [b]) => Number(a) - Number(b))
        .map(([from, count]) => ({ name: `${from} and more`, count }))
    ),
    ...(funnel.length === 0
      ? []
      : [
        chart(
          "Kept of what came, stage by stage",
          funnel.map(({ kept, leftOut, stage }) => ({ name: stage, count: kept, muted: leftOut }))
        )
      ])
  ]
}
