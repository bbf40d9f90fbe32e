/** The viewer in a terminal: keys come in, screens go out, and the terminal is given back as it was. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { Screen } from "../shared/terminal.ts"
import { renderLine } from "../shared/cells.ts"
import { makeColouring } from "./colouring.ts"
import { parseCommand, type ViewCommand } from "./commands.ts"
import { commandOfKey } from "./keys.ts"
import { nextFilter } from "./figures.ts"
import { type Model, viewIn } from "./model.ts"
import { bodyRows, drawScreen, type Ink, layOut, type Size, tableRows } from "./screen.ts"
import type { Session } from "./session.ts"

/** What happens: a key by its name, a new size, or something that is known now and was not before. */
export type TerminalEvent =
  | { readonly _tag: "key"; readonly key: string }
  | { readonly _tag: "resized" | "known" }
  /** A command was carried out; `from` is the model that it was given. */
  | { readonly _tag: "done"; readonly from: Model; readonly model: Model }
  /** More is known of the row of a model. */
  | { readonly _tag: "dressed"; readonly model: Model }

export interface InteractiveTerminal {
  readonly events: Queue.Queue<TerminalEvent>
  readonly size: () => Size
}

const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l"
const leave = "\u001b[?7h\u001b[?25h\u001b[?1049l"

/** A command that takes longer says how far it is, so often. */
const toldEvery = "150 millis"
/** So long the screen waits for the other answer and for colours, so that a row is not drawn twice. */
const dressWait = "25 millis"

/** Plays the keys of a row on the terminal, and comes back when it is over. */
export type Play<R> = (model: Model, size: Size) => Effect.Effect<string, never, R>

/** Whether two models show the same row of the same file. */
const isSameRow = (one: Model, other: Model): boolean => one.row === other.row && one.file === other.file

/** What became known of a row while a command was carried out that stays at it. */
const withKnown = ({ from, model }: { readonly from: Model; readonly model: Model }, now: Model): Model => ({
  ...model,
  other: model.other ?? now.other,
  label: model.label === from.label ? now.label : model.label
})

export const runInteractive = Effect.fn("view.interactive")(function*<R>(
  session: Session,
  first: Model,
  terminal: InteractiveTerminal,
  play: Play<R>
) {
  const screen = yield* Screen
  const { colour, colours } = makeColouring()
  const ink: Ink = { hasColour: screen.hasColour, colours }
  let model = first
  /** The command that is being carried out, and the keys that were typed meanwhile. */
  let working: Fiber.RuntimeFiber<void> | undefined
  let ahead: Array<string> = []
  const offer = (event: TerminalEvent) => Effect.asVoid(terminal.events.offer(event))

  const draw = Effect.suspend(() => {
    const size = terminal.size()
    const lines = drawScreen(model, session.known(), size, ink)
    const text = lines.map((line, row) => `\u001b[${row + 1};1H\u001b[0m\u001b[2K${renderLine(line, screen.hasColour)}`)
    return screen.print(text.join(""))
  })

  /** Tells again and again that something is known, as long as a work goes on. */
  const telling = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.raceFirst(work, Effect.forever(Effect.zipRight(Effect.sleep(toldEvery), offer({ _tag: "known" }))))

  const scrolled = (command: Extract<ViewCommand, { readonly _tag: "scroll" }>): Model => {
    const size = terminal.size()
    const { lines, top } = layOut(model, size, ink)
    const page = bodyRows(size)
    const distance = command.by === "line" ? 1 : command.by === "page" ? Math.max(1, page - 1) : lines.length
    if (model.page === "stats") {
      return {
        ...model,
        scroll: top,
        figure: nextFilter(model.figures, model.figure, command.sign * distance),
        message: ""
      }
    }
    const most = Math.max(0, lines.length - page)
    return { ...model, scroll: Math.min(most, Math.max(0, top + command.sign * distance)), message: "" }
  }

  /** Carries out a command of the session; keys are heard meanwhile, so that it can be stopped. */
  const begin = Effect.fnUntraced(function*(command: ViewCommand) {
    const from = { ...model, message: "" }
    const work = session.run(from, command).pipe(
      Effect.flatMap((
        next
      ) => (next.page === "table" ? session.fill(next, tableRows(terminal.size())) : Effect.succeed(next))),
      Effect.flatMap((next) => offer({ _tag: "done", from, model: next }))
    )
    working = yield* Effect.forkScoped(telling(work))
  })

  /** Lines of the table are rows: to scroll is to go. */
  const tableCommand = (command: ViewCommand): ViewCommand => {
    if (command._tag !== "scroll" || model.page !== "table") return command
    if (command.by === "all") return { _tag: command.sign === 1 ? "last" : "first" }
    return { _tag: "move", by: command.sign * (command.by === "line" ? 1 : tableRows(terminal.size())) }
  }

  const carryOut = Effect.fnUntraced(function*(given: ViewCommand) {
    const command = tableCommand(given)
    switch (command._tag) {
      case "quit":
        return false
      case "type":
        model = { ...model, input: command.text, message: "" }
        return true
      case "wrong":
        model = { ...model, message: command.detail }
        return true
      case "scroll":
        model = scrolled(command)
        return true
      case "play":
        model = { ...model, message: yield* play(model, terminal.size()) }
        return true
      default:
        yield* begin(command)
        return true
    }
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

  const press = (key: string) => {
    const context = { page: model.page, isSearching: model.search !== "" }
    const command = model.input === null ? commandOfKey(key, context) : edited(model.input, key)
    return command === undefined ? Effect.succeed(true) : carryOut(command)
  }

  /** The next of the keys that came while a command was carried out. */
  const typedAhead = (): string | undefined => (working === undefined ? ahead.shift() : undefined)

  const stop = Effect.suspend(() => {
    const fiber = working
    working = undefined
    ahead = []
    model = { ...model, message: "Stopped" }
    return fiber === undefined ? Effect.void : Fiber.interrupt(fiber)
  })

  const loop = Effect.gen(function*() {
    /** What goes on behind the screen, and for what. */
    let dressing: Fiber.RuntimeFiber<void> | undefined
    let dressed: Model | undefined
    let counting: Fiber.RuntimeFiber<void> | undefined
    let counted: Model["filter"] = null
    let countedFile = -1

    const dress = Effect.fnUntraced(function*(isWaitedFor: boolean) {
      if (dressed !== undefined && isSameRow(dressed, model) && dressed.step === model.step) return
      dressed = model
      if (dressing !== undefined) yield* Fiber.interruptFork(dressing)
      const row = model
      const colourRow = ({ other }: Pick<Model, "other">) => {
        const view = viewIn({ ...row, other })
        return !screen.hasColour || view === undefined || row.row?._tag !== "row"
          ? Effect.void
          : Effect.zipRight(colour(row.row.value, view, row.step), offer({ _tag: "known" }))
      }
      const other = Effect.flatMap(
        session.dress(row),
        (known) => Effect.zipRight(offer({ _tag: "dressed", model: known }), colourRow(known))
      )
      // The other answer may be far away in the file; meanwhile the row is in colour.
      const work = Effect.asVoid(Effect.all([other, colourRow(row)], { concurrency: 2 }))
      dressing = yield* Effect.forkScoped(work)
      if (isWaitedFor) yield* Effect.timeoutOption(Fiber.await(dressing), dressWait)
    })

    /** Counts behind the screen what was not counted yet. What cannot be counted is said when it is asked for. */
    const count = Effect.fnUntraced(function*() {
      if (countedFile !== model.file) {
        countedFile = model.file
        const rows = Effect.option(Effect.suspend(() => session.file().count))
        yield* Effect.forkScoped(Effect.zipRight(rows, offer({ _tag: "known" })))
      }
      if (counted !== model.filter) {
        counted = model.filter
        if (counting !== undefined) yield* Fiber.interruptFork(counting)
        counting = yield* Effect.forkScoped(Effect.zipRight(telling(session.countPassing), offer({ _tag: "known" })))
      }
    })

    const hear = Effect.fnUntraced(function*(event: TerminalEvent) {
      switch (event._tag) {
        case "done":
          working = undefined
          model = isSameRow(event.model, model) ? withKnown(event, model) : event.model
          return true
        case "dressed":
          if (isSameRow(event.model, model)) {
            model = { ...model, label: event.model.label, other: event.model.other }
          }
          return true
        case "resized":
        case "known":
          if (working !== undefined) {
            model = { ...model, message: `… ${session.progress()}  esc stops` }
          } else if (model.page === "table") {
            model = yield* session.fill(model, tableRows(terminal.size()))
          }
          return true
        case "key":
          if (working === undefined) return yield* press(event.key)
          if (event.key === "escape" || event.key === "interrupt") yield* stop
          else ahead.push(event.key)
          return true
      }
    })

    yield* draw
    yield* dress(false)
    yield* count()
    while (true) {
      if (!(yield* hear(yield* terminal.events.take))) return
      for (let key = typedAhead(); key !== undefined; key = typedAhead()) if (!(yield* press(key))) return
      if (working !== undefined && model.message === "") continue
      // What comes at once is drawn at once.
      if ((yield* Queue.size(terminal.events)) > 0) continue
      yield* dress(true)
      yield* count()
      if ((yield* Queue.size(terminal.events)) === 0) yield* draw
    }
  })
  yield* Effect.acquireUseRelease(screen.print(enter), () => Effect.scoped(loop), () => screen.print(leave))
})
