/** The viewer in a terminal: keys come in, screens go out, and the terminal is given back as it was. */
import * as Effect from "effect/Effect"
import type * as Queue from "effect/Queue"
import { Screen } from "../shared/terminal.ts"
import { renderLine } from "../shared/cells.ts"
import { commandOfKey, parseCommand, type ViewCommand } from "./commands.ts"
import type { Model } from "./model.ts"
import { bodyRows, drawScreen, layOut, type Size } from "./screen.ts"
import type { Session } from "./session.ts"

/** What a terminal sends: a key by its name, that its size has changed, or that a file was counted. */
export type TerminalEvent = { readonly _tag: "key"; readonly key: string } | { readonly _tag: "resized" | "counted" }

export interface InteractiveTerminal {
  readonly events: Queue.Queue<TerminalEvent>
  readonly size: () => Size
}

const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l"
const leave = "\u001b[?7h\u001b[?25h\u001b[?1049l"

/** Plays the keys of a row on the terminal, and comes back when it is over. */
export type Play<R> = (model: Model, size: Size) => Effect.Effect<string, never, R>

export const runInteractive = Effect.fn("view.interactive")(function*<R>(
  session: Session,
  first: Model,
  terminal: InteractiveTerminal,
  play: Play<R>
) {
  const screen = yield* Screen
  let model = first
  const draw = Effect.suspend(() => {
    const size = terminal.size()
    const lines = drawScreen(model, session.file().known(), size)
    const text = lines.map((line, row) => `\u001b[${row + 1};1H\u001b[0m\u001b[2K${renderLine(line, screen.hasColour)}`)
    return screen.print(text.join(""))
  })

  const scrolled = (command: Extract<ViewCommand, { readonly _tag: "scroll" }>): Model => {
    const size = terminal.size()
    const { lines, top } = layOut(model, size)
    const page = bodyRows(size)
    const distance = command.by === "line" ? 1 : command.by === "page" ? Math.max(1, page - 1) : lines.length
    const most = Math.max(0, lines.length - page)
    return { ...model, scroll: Math.min(most, Math.max(0, top + command.sign * distance)), message: "" }
  }

  const carryOut = Effect.fnUntraced(function*(command: ViewCommand) {
    if (command._tag === "scroll") model = scrolled(command)
    else if (command._tag === "play") {
      const message = yield* play(model, terminal.size())
      model = { ...model, message }
    } else {
      const isSlow = /^(?:search|again|filter|stats|last)$/.test(command._tag)
      if (isSlow) {
        model = { ...model, message: "…" }
        yield* draw
      }
      const next = yield* session.run({ ...model, message: "" }, command)
      model = next
    }
    return command._tag !== "quit"
  })

  /** Keys while a line is typed at the bottom. */
  const edited = (input: string, key: string): ViewCommand | undefined => {
    switch (key) {
      case "enter":
        model = { ...model, input: null }
        return parseCommand(input)
      case "escape":
      case "interrupt":
        model = { ...model, input: null }
        return undefined
      case "backspace":
        model = { ...model, input: input === "" ? null : [...input].slice(0, -1).join("") }
        return undefined
      case "erase":
        model = { ...model, input: "" }
        return undefined
      default:
        if ([...key].length === 1) model = { ...model, input: input + key }
        return undefined
    }
  }

  /** Says how many rows there are once they are counted. What cannot be counted is said when it is asked for. */
  const tellCount = Effect.option(Effect.suspend(() => session.file().count)).pipe(
    Effect.zipRight(terminal.events.offer({ _tag: "counted" }))
  )
  const loop = Effect.gen(function*() {
    yield* draw
    let counted = model.file
    yield* Effect.forkScoped(tellCount)
    while (true) {
      if (counted !== model.file) {
        counted = model.file
        yield* Effect.forkScoped(tellCount)
      }
      const event = yield* terminal.events.take
      if (event._tag === "key") {
        const isPage = model.page !== "row" && /^(?:escape|q|enter)$/.test(event.key) && model.input === null
        const command = isPage
          ? undefined
          : model.input === null
          ? commandOfKey(event.key)
          : edited(model.input, event.key)
        if (isPage) model = { ...model, page: "row", scroll: null, message: "" }
        else if (command !== undefined && !(yield* carryOut(command))) return
      }
      yield* draw
    }
  })
  yield* Effect.acquireUseRelease(screen.print(enter), () => Effect.scoped(loop), () => screen.print(leave))
})
