/** The figures of a file: bars that filter when they are clicked. */
import { describeFaults } from "../../../services/measures/describe-faults.ts"
import { valueName } from "../../../services/measures/file-figures.ts"
import type { StatsAnswer } from "../web/protocol.ts"
import type { Address } from "./address.ts"
import { button, byId, element, grouped, shareText } from "./dom.ts"
import { visit } from "./navigate.ts"
import { guarded, say } from "./message.ts"
import { ask } from "./server.ts"

const mostBars = 16

interface FigureBar {
  readonly name: string
  readonly count: number
  readonly muted?: number
  readonly choose?: () => void
}

const chart = (title: string, bars: ReadonlyArray<FigureBar>): HTMLElement => {
  const most = Math.max(1, ...bars.map(({ count, muted = 0 }) => count + muted))
  const whole = bars.reduce((sum, { count }) => sum + count, 0)
  const list = element("div", { class: "bars" })
  for (const { choose, count, muted = 0, name } of bars) {
    const told = muted === 0
      ? `${grouped(count)} · ${shareText(count, whole)}`
      : `${grouped(count)} of ${grouped(count + muted)}`
    const parts = [
      element("span", { class: "fill" }),
      element("span", { class: "name" }, name),
      element("span", { class: "count" }, told)
    ]
    const bar = choose === undefined
      ? element("div", { class: "bar" }, ...parts)
      : button({ class: "bar", title: `only ${name}` }, choose, ...parts)
    bar.style.setProperty("--all", String((count + muted) / most))
    bar.style.setProperty("--passing", String(count / most))
    list.append(bar)
  }
  return element("section", {}, element("h2", {}, title), list)
}

/** `filter` is called with the field and the value of a bar that was clicked. */
const figuresElement = (
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
          name: valueName(name),
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

/** Shows the figures of a file; a bar that is clicked shows the table of its rows. */
export const showFigures = async ({ file }: Address, signal: AbortSignal): Promise<void> => {
  const main = byId("main", HTMLElement)
  say("Counting …")
  const stats = await ask<StatsAnswer>("stats", { file }, signal)
  say("")
  main.className = "figures"
  const choose = (key: string, value: string) =>
    void guarded(() => visit({ view: "table", filters: [`${key}==${value}`], search: "" }))
  main.replaceChildren(element("h1", {}, "Figures"), ...figuresElement(stats, choose))
}
