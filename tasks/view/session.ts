/** Carries out commands over open files: what is asked of the reader, and the model that follows. */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { isMatch } from "../../services/rows/fields.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import { type CannotReadRows, type FileRow, Reader, type RowFile } from "../../services/Reader.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import type { ViewCommand } from "./commands.ts"
import { makeMatches, type Matches } from "./matches.ts"
import { emptyModel, type Filter, type Model } from "./model.ts"
import { describeStats, makeStats } from "../../services/measures/file-stats.ts"

/** Goes to the neighbouring state of an edit path, if there is one. */
const stepped = (model: Model, sign: 1 | -1): Model => {
  const sections = model.row?._tag === "row" ? viewOf(model.row.value, model.row.text).sections : []
  const states = sections.find((section) => section.kind === "steps")?.states.length ?? 0
  if (states === 0) return { ...model, message: "This row has no states to step through" }
  return { ...model, step: Math.min(Math.max(0, model.step + sign), states - 1), scroll: null, message: "" }
}

export interface Session {
  readonly file: () => RowFile
  /** Opens a file of the list and shows its first row. */
  readonly openFile: (number: number) => Effect.Effect<Model, CannotReadRows>
  /**
   * Returns the model after a command; what only the screen knows, such as its height, is not done here. Rows that
   * cannot be read are said at the bottom, and looking goes on.
   */
  readonly run: (model: Model, command: ViewCommand) => Effect.Effect<Model>
}

interface OpenFile {
  readonly file: RowFile
  readonly scope: Scope.CloseableScope
}

export const makeSession = Effect.fn("view.session")(function*(files: ReadonlyArray<ViewedFile>) {
  const reader = yield* Reader
  const state: { open: OpenFile | undefined; matches: Matches | undefined } = { open: undefined, matches: undefined }
  yield* Effect.addFinalizer(() => state.open === undefined ? Effect.void : Scope.close(state.open.scope, Exit.void))
  const current = (): RowFile => {
    if (state.open === undefined) throw new Error("no file is open yet")
    return state.open.file
  }
  const forget = () => {
    state.matches = undefined
  }

  const openFile: Session["openFile"] = Effect.fn("view.open")(function*(number) {
    const chosen = files[(number + files.length) % files.length] ?? { name: "", path: "" }
    const scope = yield* Scope.make()
    const opened = yield* Effect.gen(function*() {
      const file = yield* Scope.extend(reader.open(chosen.path), scope)
      return { file, row: yield* file.row(0) }
    }).pipe(
      // The file that was looked at before stays open when this one cannot be read.
      Effect.tapError(() => Scope.close(scope, Exit.void))
    )
    if (state.open !== undefined) yield* Scope.close(state.open.scope, Exit.void)
    state.open = { file: opened.file, scope }
    forget()
    const model: Model = {
      ...emptyModel,
      name: chosen.name,
      file: (number + files.length) % files.length,
      files: files.length,
      row: opened.row
    }
    return model
  })

  const at = (model: Model, index: number, row: FileRow | null): Model => ({
    ...model,
    index,
    row,
    scroll: null,
    step: 0,
    page: "row",
    message: ""
  })
  const say = (model: Model, message: string): Model => ({ ...model, message })

  const goTo = Effect.fnUntraced(function*(model: Model, index: number) {
    const row = yield* current().row(index)
    if (row !== null) return at(model, index, row)
    return say(model, index < 0 ? "This is the first row" : `There are ${current().known().rows} rows`)
  })

  const matchesOf = (filter: Filter): Matches => state.matches ??= makeMatches(current(), filter)

  const goToMatch = Effect.fnUntraced(function*(model: Model, filter: Filter, number: number) {
    if (number < 0) return say(model, "This is the first row that passes")
    const matches = matchesOf(filter)
    const index = yield* matches.nth(number)
    if (index === undefined) {
      const count = matches.found()
      return say(model, count === 0 ? `No row has ${filter.key} = ${filter.value}` : `${count} rows pass`)
    }
    return { ...at(model, index, yield* current().row(index)), filter, match: number + 1 }
  })

  /** Goes to a row, or where a filter is set to the first one from there on that passes. */
  const goToRow = Effect.fnUntraced(function*(model: Model, index: number) {
    if (model.filter === null) return yield* goTo(model, index)
    const match = yield* matchesOf(model.filter).following(index)
    return match === undefined
      ? say(model, "No row from there on passes; c takes the filter away")
      : yield* goToMatch(model, model.filter, match.place)
  })

  const goToLast = Effect.fnUntraced(function*(model: Model) {
    if (model.filter === null) return yield* goTo(model, (yield* current().count) - 1)
    const match = yield* matchesOf(model.filter).preceding(Infinity)
    return yield* goToMatch(model, model.filter, match?.place ?? 0)
  })

  const searchFrom = Effect.fnUntraced(function*(model: Model, text: string, from: number) {
    const file = current()
    const passes = (index: number) =>
      model.filter === null
        ? Effect.succeed(true)
        : Effect.map(file.row(index), (row) =>
          row?._tag === "row" && isMatch(row, model.filter?.key ?? "", model.filter?.value ?? ""))
    // From here to the end, then from the start to here.
    for (const start of [from, 0]) {
      let at = start
      while (true) {
        const index = yield* file.find(text, at)
        if (index === null) break
        if (yield* passes(index)) {
          const next = yield* goToRow({ ...model, search: text }, index)
          return start === 0 && from > 0 ? say(next, "Found from the top on") : next
        }
        at = index + 1
      }
    }
    return say({ ...model, search: text }, `No row holds "${text}"`)
  })

  const gatherStats = Effect.fnUntraced(function*(model: Model) {
    const stats = makeStats()
    yield* Stream.runForEach(current().scan({ from: 0, holding: null }), (rows) =>
      Effect.sync(() => {
        for (const { row } of rows) stats.add(row)
      }))
    return { ...model, page: "stats", scroll: 0, message: "", text: describeStats(model.name, stats.result()) } as const
  })

  const carryOut = Effect.fnUntraced(function*(model: Model, command: ViewCommand) {
    const { filter } = model
    switch (command._tag) {
      case "next":
      case "previous": {
        const sign = command._tag === "next" ? 1 : -1
        return filter === null
          ? yield* goTo(model, model.index + sign)
          : yield* goToMatch(model, filter, model.match - 1 + sign)
      }
      case "first":
        return filter === null ? yield* goTo(model, 0) : yield* goToMatch(model, filter, 0)
      case "last":
        return yield* goToLast(model)
      case "goto":
        return yield* goToRow(model, command.row - 1)
      case "search":
        return yield* searchFrom(model, command.text, model.search === command.text ? model.index + 1 : model.index)
      case "again":
        return model.search === ""
          ? say(model, "Nothing was searched for yet")
          : yield* searchFrom(model, model.search, model.index + 1)
      case "filter": {
        forget()
        return yield* goToMatch({ ...model, filter: null, match: 0 }, { key: command.key, value: command.value }, 0)
      }
      case "clear":
        forget()
        return say({ ...model, filter: null, match: 0, page: "row" }, filter === null ? "" : "All rows again")
      case "stats":
        return yield* gatherStats(model)
      case "help":
        return { ...model, page: model.page === "help" ? "row" : "help", scroll: 0, message: "" } as const
      case "step":
        return stepped(model, command.sign)
      case "file":
        return files.length > 1 ? yield* openFile(model.file + command.sign) : say(model, "There is one file only")
      case "type":
        return { ...model, input: command.text, message: "" }
      case "wrong":
        return say(model, command.detail)
      case "scroll":
      case "play":
      case "quit":
        return model
    }
  })

  const run: Session["run"] = (model, command) =>
    Effect.catchTag(carryOut(model, command), "CannotReadRows", ({ message }) => Effect.succeed(say(model, message)))

  const session: Session = { file: current, openFile, run }
  return session
})
