/** Carries out commands over open files: what is asked of the reader, and the model that follows. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import type { FileStats } from "../../services/measures/file-figures.ts"
import { makeStats } from "../../services/measures/file-stats.ts"
import { isMatch, valueIn } from "../../services/rows/fields.ts"
import { type CannotReadRows, type FileRow, Reader, type RowFile } from "../../services/Reader.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import type { ViewCommand } from "./commands.ts"
import { tellingFirst } from "./draw-row.ts"
import { figuresLines } from "./figures.ts"
import { findOtherAnswer } from "./find-other-answer.ts"
import { hitBefore, hitWithin, type Searched } from "./hits.ts"
import { type Labels, openLabels } from "./labels.ts"
import { makeMatches, type Matches } from "./matches.ts"
import { emptyModel, type Filter, type Model, opened, type Sorting, viewIn, wentBack } from "./model.ts"
import { filterText, type Known, withHitInView } from "./screen.ts"
import { sortedMatches, sortRows } from "./sorted.ts"
import { type Column, filledColumns, type TableLine, tableLine } from "./table.ts"

/** Goes to the neighbouring state of an edit path, if there is one. */
const stepped = (model: Model, sign: 1 | -1): Model => {
  const sections = viewIn(model)?.sections ?? []
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
  /** Adds what is known of the row besides: its label, and the row with the other answer. */
  readonly dress: (model: Model) => Effect.Effect<Model>
  /** Reads the lines of the table that are on a screen of a height. */
  readonly fill: (model: Model, height: number) => Effect.Effect<Model>
  readonly known: () => Known
  /** Counts the rows that pass the filter; others may ask for rows meanwhile. */
  readonly countPassing: Effect.Effect<void>
  /** How far a command is that goes through the file: "" where that is not known. */
  readonly progress: () => string
}

interface OpenFile {
  readonly file: RowFile
  readonly scope: Scope.CloseableScope
  /** Read when the first label is asked for. */
  readonly labels: Effect.Effect<Labels>
  readonly lines: Map<number, TableLine>
  readonly figures: Map<string, FileStats>
}

/** Time for others between two batches. */
const breath = "2 millis"

/** So many lines of the table are kept. */
const mostLines = 5000

export const makeSession = Effect.fn("view.session")(function*(files: ReadonlyArray<ViewedFile>) {
  const reader = yield* Reader
  const fs = yield* FileSystem.FileSystem
  const state: {
    open: OpenFile | undefined
    /** The rows that pass the filter, in the order of the file, and in the order in which they are sorted. */
    matches: Matches | undefined
    sorted: Matches | undefined
    /** Number of the row up to which a pass through the file has come. */
    passed: number | undefined
  } = { open: undefined, matches: undefined, sorted: undefined, passed: undefined }
  yield* Effect.addFinalizer(() => state.open === undefined ? Effect.void : Scope.close(state.open.scope, Exit.void))
  const opening = (): OpenFile => {
    if (state.open === undefined) throw new Error("no file is open yet")
    return state.open
  }
  const current = (): RowFile => opening().file
  const forget = () => {
    state.matches = undefined
    state.sorted = undefined
  }

  const openFile: Session["openFile"] = Effect.fn("view.open")(function*(number) {
    const place = (number + files.length) % files.length
    const chosen = files[place] ?? { name: "", path: "" }
    const scope = yield* Scope.make()
    const made = yield* Effect.gen(function*() {
      const file = yield* Scope.extend(reader.open(chosen.path), scope)
      return { file, row: yield* file.row(0) }
    }).pipe(
      // The file that was looked at before stays open when this one cannot be read.
      Effect.tapError(() => Scope.close(scope, Exit.void))
    )
    if (state.open !== undefined) yield* Scope.close(state.open.scope, Exit.void)
    const labels = yield* Effect.cached(Effect.provideService(openLabels(chosen.path), FileSystem.FileSystem, fs))
    state.open = { file: made.file, scope, labels, lines: new Map(), figures: new Map() }
    forget()
    const model: Model = { ...emptyModel, name: chosen.name, file: place, files: files.length, row: made.row }
    return model
  })

  const at = (model: Model, index: number, row: FileRow | null): Model => ({
    ...model,
    index,
    row,
    other: null,
    label: null,
    scroll: null,
    step: 0,
    page: model.page === "table" ? "table" : "row",
    message: ""
  })
  const say = (model: Model, message: string): Model => ({ ...model, message })

  const goTo = Effect.fnUntraced(function*(model: Model, index: number) {
    const row = yield* current().row(index)
    if (row !== null) return at(model, index, row)
    return say(model, index < 0 ? "This is the first row" : `There are ${current().known().rows} rows`)
  })

  /** Goes through the file, batch by batch, and remembers how far it came. */
  const passing = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.ensuring(work, Effect.sync(() => state.passed = undefined))
  const tell = (index: number) => {
    state.passed = index
  }

  const passesIn = (filter: Filter): Matches => state.matches ??= makeMatches(current(), filter)

  /** The rows that are gone through where not all are, in the order of the file. */
  const matchesOf = (model: Model): Matches | undefined =>
    model.sorting !== null ? state.sorted : model.filter === null ? undefined : passesIn(model.filter)

  const nothingPasses = (model: Model, filter: Filter): string => {
    const names = tellingFirst(viewIn(model)?.facts ?? []).map(([name]) => name)
    const isKnown = model.row?._tag !== "row" || valueIn(model.row.value, filter.key) !== undefined ||
      names.length === 0
    return isKnown
      ? `No row has ${filterText(filter)}`
      : `No row has "${filter.key}"; the fields are ${[...new Set(names)].join(", ")}`
  }

  const goToMatch = Effect.fnUntraced(function*(model: Model, matches: Matches, number: number) {
    if (number < 0) {
      return say(model, model.filter === null ? "This is the first row" : "This is the first row that passes")
    }
    const index = yield* matches.nth(number)
    if (index === undefined) {
      const count = matches.found()
      return say(model, model.filter === null ? `There are ${count} rows` : `${count} rows pass`)
    }
    return { ...at(model, index, yield* current().row(index)), match: number + 1 }
  })

  /** Goes to a row, or to the first one from there on that is among those that are gone through. */
  const goToRow = Effect.fnUntraced(function*(model: Model, index: number) {
    const matches = matchesOf(model)
    if (matches === undefined) return yield* goTo(model, index)
    const match = yield* matches.following(index)
    return match === undefined
      ? say(model, "No row from there on passes; c takes the filter away")
      : yield* goToMatch(model, matches, match.place)
  })

  const goToLast = Effect.fnUntraced(function*(model: Model) {
    const matches = matchesOf(model)
    if (matches === undefined) return yield* goTo(model, (yield* current().count) - 1)
    yield* matches.preceding(Infinity)
    return yield* goToMatch(model, matches, Math.max(0, matches.found() - 1))
  })

  /** Goes some rows on, or as far as there are rows. */
  const move = Effect.fnUntraced(function*(model: Model, by: number) {
    const matches = matchesOf(model)
    const place = Math.max(0, (matches === undefined ? model.index : model.match - 1) + by)
    const index = matches === undefined ? place : yield* matches.nth(place)
    const row = index === undefined ? null : yield* current().row(index)
    if (index === undefined || row === null) return yield* goToLast(model)
    // A page is another page: the table goes with the row.
    const top = Math.abs(by) === 1 ? model.top : Math.max(0, model.top + by)
    return { ...at(model, index, row), top, match: matches === undefined ? model.match : place + 1 }
  })

  const filterBy = Effect.fnUntraced(function*(model: Model, filter: Filter) {
    const matches = makeMatches(current(), filter)
    const index = yield* matches.nth(0)
    if (index === undefined) {
      const before = model.filter === null ? model : { ...model, filter: null, sorting: null, match: 0 }
      forget()
      return say(before, nothingPasses(model, filter))
    }
    forget()
    state.matches = matches
    const page = model.page === "table" || model.trail.includes("table") ? "table" : "row"
    const trail = model.trail.filter((one) => one !== page && one !== "stats")
    return yield* goToMatch({ ...model, filter, sorting: null, search: "", page, trail }, matches, 0)
  })

  /** The rows that are searched: those that pass the filter. */
  const searched = (model: Model, text: string): Searched => {
    const { filter } = model
    const passes = (index: number) =>
      filter === null
        ? Effect.succeed(true)
        : Effect.map(current().row(index), (row) => row?._tag === "row" && isMatch(row, filter.key, filter.value))
    return { file: current(), text, passes, tell }
  }

  const arriveAtHit = Effect.fnUntraced(function*(model: Model, text: string, index: number, note: string) {
    const next = yield* goToRow({ ...model, search: text }, index)
    const seen = withHitInView(next)
    return note === "" || seen.message !== "" ? seen : say(seen, note)
  })

  /** From a row to the end, then from the start on. */
  const searchFrom = Effect.fnUntraced(function*(model: Model, text: string, from: number) {
    const found = yield* hitWithin(searched(model, text), from, Infinity)
    if (found !== undefined) return yield* arriveAtHit(model, text, found, "")
    const above = from === 0 ? undefined : yield* hitWithin(searched(model, text), 0, from)
    return above === undefined
      ? say({ ...model, search: "" }, `No row holds "${text}"`)
      : yield* arriveAtHit(model, text, above, "Found from the top on")
  })

  const searchBack = Effect.fnUntraced(function*(model: Model, text: string) {
    const above = yield* hitBefore(searched(model, text), model.index)
    if (above !== undefined) return yield* arriveAtHit(model, text, above, "")
    const below = yield* hitBefore(searched(model, text), yield* current().count)
    return below === undefined
      ? say({ ...model, search: "" }, `No row holds "${text}"`)
      : yield* arriveAtHit(model, text, below, "Found from the end on")
  })

  const gatherStats = Effect.fnUntraced(function*(model: Model) {
    const { filter } = model
    const name = filter === null ? "" : JSON.stringify(filter)
    const known = opening().figures.get(name)
    const stats = makeStats()
    if (known === undefined) {
      yield* Stream.runForEach(current().scan({ from: 0, holding: null }), (rows) =>
        Effect.sync(() => {
          for (const { row } of rows) {
            if (filter === null || (row._tag === "row" && isMatch(row, filter.key, filter.value))) stats.add(row)
          }
          tell(rows.at(-1)?.index ?? 0)
        }))
    }
    const result = known ?? stats.result()
    opening().figures.set(name, result)
    const figures = figuresLines(model.name, result)
    const wanted = figures.findIndex(({ filter }) => filter?.key === model.column)
    const first = figures.findIndex(({ filter }) => filter !== null)
    return {
      ...opened(model, "stats"),
      scroll: 0,
      figures,
      figure: model.page === "table" && wanted !== -1 ? wanted : first
    }
  })

  const sort = Effect.fnUntraced(function*(model: Model, column: Column) {
    const { sorting } = model
    if (sorting?.column === column && sorting.sign === -1) {
      state.sorted = undefined
      return yield* goToRow({ ...model, sorting: null }, model.index)
    }
    const next: Sorting = { column, sign: sorting?.column === column ? -1 : 1 }
    const labels = column === "marked" ? yield* opening().labels : undefined
    const rows = yield* sortRows(current(), model.filter, next, tell, labels)
    state.sorted = sortedMatches(rows)
    return yield* goToMatch({ ...model, sorting: next }, state.sorted, 0)
  })

  const label = Effect.fnUntraced(function*(model: Model, name: "keep" | "drop") {
    if (model.row === null) return model
    const labels = yield* opening().labels
    const before = labels.of(model.index, model.row)
    const next = before === name ? null : name
    const failure = yield* Effect.match(labels.set(model.index, model.row, next), {
      onFailure: ({ message }) => message,
      onSuccess: () => ""
    })
    if (failure !== "") return say(model, failure)
    opening().lines.delete(model.index)
    return say({ ...model, label: next }, next === null ? "The label is taken away" : `Labelled ${next}`)
  })

  const beside = (model: Model, sign: 1 | -1): Column => {
    const { columns } = model
    const place = columns.indexOf(model.column)
    return columns[Math.min(columns.length - 1, Math.max(0, place + sign))] ?? model.column
  }

  const carryOut = Effect.fnUntraced(function*(model: Model, command: ViewCommand) {
    switch (command._tag) {
      case "next":
      case "previous": {
        const sign = command._tag === "next" ? 1 : -1
        const matches = matchesOf(model)
        return matches === undefined
          ? yield* goTo(model, model.index + sign)
          : yield* goToMatch(model, matches, model.match - 1 + sign)
      }
      case "first": {
        const matches = matchesOf(model)
        return matches === undefined ? yield* goTo(model, 0) : yield* goToMatch(model, matches, 0)
      }
      case "last":
        return yield* goToLast(model)
      case "move":
        return yield* move(model, command.by)
      case "goto":
        return yield* goToRow(model, command.row - 1)
      case "search":
        return yield* searchFrom(model, command.text, model.search === command.text ? model.index + 1 : model.index)
      case "hit": {
        if (model.search === "") return say(model, "Nothing is searched for")
        return command.sign === 1
          ? yield* searchFrom(model, model.search, model.index + 1)
          : yield* searchBack(model, model.search)
      }
      case "filter":
        return yield* filterBy(model, { key: command.key, value: command.value })
      case "clear": {
        forget()
        const isAll = model.filter === null && model.sorting === null
        const page = model.page === "table" ? "table" : "row"
        return say({ ...model, filter: null, sorting: null, match: 0, page }, isAll ? "" : "All rows again")
      }
      case "stats":
        return model.page === "stats" ? wentBack(model) : yield* gatherStats(model)
      case "table":
        return model.page === "table" ? wentBack(model) : opened(model, "table")
      case "help":
        return model.page === "help" ? wentBack(model) : { ...opened(model, "help"), scroll: 0 }
      case "choose": {
        if (model.page === "table") return { ...opened(model, "row"), trail: ["table"] as const }
        const filter = model.page === "stats" ? model.figures[model.figure]?.filter ?? null : null
        return filter === null ? wentBack(model) : yield* filterBy(model, filter)
      }
      case "back":
        return wentBack(model)
      case "fold":
        return { ...model, isOpen: !model.isOpen, scroll: null, message: "" }
      case "facts":
        return { ...model, hasFacts: !model.hasFacts, scroll: model.hasFacts ? null : 0, message: "" }
      case "label":
        return yield* label(model, command.label)
      case "column":
        return { ...model, column: beside(model, command.sign), message: "" }
      case "sort":
        return yield* sort(model, command.column ?? model.column)
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
    passing(carryOut(model, command)).pipe(
      Effect.catchTag("CannotReadRows", ({ message }) => Effect.succeed(say(model, message)))
    )

  const dress: Session["dress"] = Effect.fn("view.dress")(function*(model) {
    const { index, row } = model
    if (row === null) return model
    const labels = yield* opening().labels
    const other = yield* Effect.orElseSucceed(findOtherAnswer(current(), row), () => null)
    return { ...model, label: labels.of(index, row), other: other?.row ?? null }
  })

  const fill: Session["fill"] = Effect.fn("view.fill")(function*(model, height) {
    const matches = matchesOf(model)
    const { file, labels, lines } = opening()
    const known = yield* labels
    const place = matches === undefined ? model.index : model.match - 1
    // The table stands still while the row that is chosen is in view.
    const top = Math.max(0, Math.min(place, Math.max(model.top, place - height + 1)))
    const filled: Array<TableLine> = []
    for (let at = top; filled.length < height; at++) {
      // Rows that are yet to be found come when they are.
      const isThere = matches === undefined || at < matches.found()
      const index = isThere ? matches === undefined ? at : yield* matches.nth(at) : undefined
      if (index === undefined) break
      const line = lines.get(index)
      if (line !== undefined) {
        filled.push(line)
        continue
      }
      const row = yield* file.row(index)
      if (row === null) break
      if (lines.size > mostLines) lines.clear()
      const made = tableLine(index, row, known.of(index, row))
      lines.set(index, made)
      filled.push(made)
    }
    return { ...model, top, lines: filled, columns: filledColumns(filled, model.columns) }
  }, (work, model) => Effect.catchTag(work, "CannotReadRows", ({ message }) => Effect.succeed(say(model, message))))

  const session: Session = {
    file: current,
    openFile,
    run,
    dress,
    fill,
    known: () => {
      const { isComplete, rows } = current().known()
      const { matches } = state
      return {
        rows,
        isComplete,
        passing: matches === undefined ? null : { rows: matches.found(), isComplete: matches.reach() === Infinity }
      }
    },
    countPassing: Effect.suspend(() => {
      const { matches } = state
      if (matches === undefined) return Effect.void
      // Batch by batch, so that others who ask for a row wait for one batch at most.
      const counting = Effect.gen(function*() {
        while (matches.reach() !== Infinity) {
          yield* matches.nth(matches.found())
          yield* Effect.sleep(breath)
        }
      })
      // What cannot be read is said when it is asked for.
      return Effect.asVoid(Effect.option(counting))
    }),
    progress: () => {
      const { isComplete, rows } = current().known()
      const { passed } = state
      return passed === undefined
        ? ""
        : isComplete
        ? `${Math.floor(passed / Math.max(1, rows) * 100)} %`
        : `row ${passed + 1}`
    }
  }
  return session
})
