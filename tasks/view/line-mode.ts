/** The viewer without a terminal: commands come as lines, and what they show is printed. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { runForEachWhile } from "effect/Stream"
import { renderLine, shown } from "../shared/cells.ts"
import { Screen } from "../shared/terminal.ts"
import { helpText, parseCommand } from "./commands.ts"
import type { Model } from "./model.ts"
import { renderRow } from "./print.ts"
import type { Session } from "./session.ts"
import { drawTable } from "./table.ts"

/** The part of a table that is printed. */
const tableLines = 20
const tableColumns = 120

export const runLines = Effect.fn("view.lines")(function*<E>(
  session: Session,
  first: Model,
  lines: Stream.Stream<string, E>
) {
  const screen = yield* Screen
  let model = first
  /** What is said of a command is all there is to print, unless it led to another row. */
  const show = Effect.fnUntraced(function*(from: Model | null) {
    const isSame = from?.index === model.index && from.file === model.file
    if (model.message !== "") yield* screen.print(`${shown(model.message)}\n`)
    if (model.message !== "" && (isSame || model.row === null)) return
    switch (model.page) {
      case "help":
        return yield* screen.print(`${helpText.join("\n")}\n`)
      case "stats":
        return yield* screen.print(`${model.figures.map(({ text }) => text.trimEnd()).join("\n")}\n`)
      case "table": {
        const look = { ...model, columns: tableColumns, shownColumns: model.columns, sorted: model.sorting, sought: "" }
        const lines = drawTable(model.lines, look).map((line) => renderLine(line, false).trimEnd())
        return yield* screen.print(`${lines.join("\n")}\n`)
      }
      case "row": {
        if (model.row === null) return yield* screen.print("There is no row.\n")
        const { other } = yield* session.dress(model)
        return yield* screen.print(renderRow(model.name, model.index, model.row, screen.hasColour, other))
      }
    }
  })
  yield* show(null)
  yield* runForEachWhile(lines, (line) =>
    Effect.gen(function*() {
      const command = parseCommand(line)
      if (command._tag === "quit") return false
      const from = model
      const text = command._tag === "wrong" ? command.detail : undefined
      // A page that is no row was shown; the next command goes on from the row.
      model = text === undefined
        ? yield* session.run({ ...model, page: "row", trail: [], message: "" }, command)
        : { ...model, message: text }
      if (model.page === "table") model = yield* session.fill(model, tableLines)
      yield* show(from)
      model = { ...model, message: "", page: "row", trail: [] }
      return true
    }))
})
