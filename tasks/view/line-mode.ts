/** The viewer without a terminal: commands come as lines, and what they show is printed. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { runForEachWhile } from "effect/Stream"
import { shown } from "../shared/cells.ts"
import { Screen } from "../shared/terminal.ts"
import { helpText, parseCommand } from "./commands.ts"
import type { Model } from "./model.ts"
import { renderRow } from "./print.ts"
import type { Session } from "./session.ts"

export const runLines = Effect.fn("view.lines")(function*<E>(
  session: Session,
  first: Model,
  lines: Stream.Stream<string, E>
) {
  const screen = yield* Screen
  let model = first
  /** What is said of a command is all there is to print, unless it led to another row. */
  const show = (from: Model | null) =>
    Effect.suspend(() => {
      if (model.message !== "") {
        const said = screen.print(`${shown(model.message)}\n`)
        return from?.index === model.index && from.file === model.file || model.row === null
          ? said
          : Effect.zipRight(said, screen.print(renderRow(model.name, model.index, model.row, screen.hasColour)))
      }
      if (model.page === "help") return screen.print(`${helpText.join("\n")}\n`)
      if (model.page === "stats") return screen.print(`${model.text.map((line) => shown(line)).join("\n")}\n`)
      return model.row === null
        ? screen.print("There is no row.\n")
        : screen.print(renderRow(model.name, model.index, model.row, screen.hasColour))
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
        ? yield* session.run({ ...model, page: "row", message: "" }, command)
        : { ...model, message: text }
      yield* show(from)
      model = { ...model, message: "", page: "row" }
      return true
    }))
})
