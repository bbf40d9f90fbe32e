/** What a person says of rows, and the rows that it keeps as a dataset of their own. */
import { byId, countOf, element } from "./dom.ts"
import { say } from "./message.ts"
import { hasArrived, here } from "./navigate.ts"
import { send } from "./server.ts"
import { chosenRow, markChosen } from "./table.ts"

const buttons = [byId("keep", HTMLButtonElement), byId("drop", HTMLButtonElement)]
let shown: string | null = null

export const showLabel = (label: string | null): void => {
  shown = label
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.id === label))
}

/** Keeps or drops the row, or takes that back. */
export const label = async (name: "keep" | "drop"): Promise<void> => {
  // What is still on the screen is not what the label would be of.
  if (!hasArrived()) return
  const { file, row, view } = here()
  const of = view === "table" ? chosenRow() : view === "row" ? { row, label: shown } : undefined
  if (of === undefined) return
  const next = of.label === name ? null : name
  await send("label", { file, row: of.row, label: next })
  if (view === "table") markChosen(next)
  else showLabel(next)
  say(next === null ? "No label." : `Labelled ${next}.`)
}

/** Downloads the rows that pass the filters and are not dropped. */
export const exportKept = async (): Promise<void> => {
  const { file, filters } = here()
  say("Exporting …")
  const { body, headers } = await send("export", { file, filters })
  const pieces: Array<Uint8Array<ArrayBuffer>> = []
  let rows = 0
  const reader = body?.getReader()
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    pieces.push(next.value)
    for (const byte of next.value) if (byte === newline) rows++
  }
  const name = headers.get("x-name") ?? "kept.jsonl"
  const link = element("a", { download: name, href: URL.createObjectURL(new Blob(pieces)) })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  say(`${name}: ${countOf(rows, "row")}; those labelled drop are left out.`)
}

const newline = 10
