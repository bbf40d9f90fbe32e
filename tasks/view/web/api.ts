/** What the page asks of the files: rows, searches, figures, recordings, labels. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { renderCast } from "../../../services/keys/cast.ts"
import { parseKeys, parseKeysLeniently } from "../../../services/keys/keystrokes.ts"
import { makeStats } from "../../../services/measures/file-stats.ts"
import { Reader, type RowFile } from "../../../services/Reader.ts"
import { isMatch } from "../../../services/rows/fields.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { Sandbox } from "../../../services/Sandbox.ts"
import { httpAnswer, jsonAnswer, refusal } from "../../shared/http/answer.ts"
import { bodyText } from "../../shared/http/body.ts"
import type { Visit } from "../../shared/http/serve.ts"
import { readProvenance } from "../../shared/provenance.ts"
import type { ViewedFile } from "../../shared/row-files.ts"
import { type SandboxAnswers, sandboxLayer } from "../../shared/sandbox.ts"
import { makeMatches, type Matches } from "../matches.ts"
import type { Filter } from "../model.ts"
import { contentOf } from "./answers.ts"
import { makeHighlight } from "./highlight.ts"
import { labelNames, type Labels, openLabels } from "../labels.ts"
import type { FileAnswer, FoundAnswer, RowAnswer, StatsAnswer } from "./protocol.ts"

interface Opened {
  readonly name: string
  readonly path: string
  readonly rows: RowFile
  readonly labels: Labels
  readonly matches: Map<string, Matches>
  stats: StatsAnswer | undefined
}

const LabelRequest = Schema.parseJson(Schema.Struct({
  file: Schema.Number,
  row: Schema.Number,
  label: Schema.NullOr(Schema.Literal(...labelNames))
}))
const decodeLabelRequest = Schema.decodeUnknownEither(LabelRequest)

const number = Schema.optionalWith(Schema.NonNegativeInt, { default: () => 0, nullable: true })
const text = Schema.optionalWith(Schema.String, { nullable: true })
/** What can be asked of one file; each question heeds its own part. */
const Question = Schema.parseJson(Schema.Struct({
  file: number,
  row: number,
  from: number,
  sign: Schema.optionalWith(Schema.Literal(1, -1), { default: () => 1, nullable: true }),
  text: Schema.optionalWith(Schema.String, { default: () => "", nullable: true }),
  key: text,
  value: text
}))
const decodeQuestion = Schema.decodeUnknownEither(Question)

/** A question needs no more; whoever sends more is no page of ours. */
const bodyRules = { most: 64 * 1024, types: ["application/json"] }
const questions: ReadonlySet<string> = new Set(["files", "label", "row", "find", "stats", "count", "recording"])

const castSize = { columns: 80, rows: 20 }

/** Opens the files; gives what answers a request for a path below "/api/". */
export const makeApi = Effect.fn("view.api")(function*(files: ReadonlyArray<ViewedFile>, sandbox: SandboxAnswers) {
  const reader = yield* Reader
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const highlight = yield* makeHighlight
  const opened: Array<Opened> = []
  for (const file of files) {
    opened.push({
      ...file,
      rows: yield* reader.open(file.path),
      labels: yield* openLabels(file.path),
      matches: new Map(),
      stats: undefined
    })
  }

  const rowAnswer = Effect.fnUntraced(function*(file: Opened, index: number) {
    const row = yield* file.rows.row(index)
    const answer: RowAnswer = {
      index,
      row: row === null ? null : yield* contentOf(row, highlight),
      known: file.rows.known(),
      label: row === null ? null : file.labels.of(index, row)
    }
    return jsonAnswer(answer)
  })

  /** The next row that holds a text and passes the filter, if there is one; from the top on when there is none behind. */
  const searched = Effect.fnUntraced(function*(file: Opened, text: string, from: number, filter: Filter | null) {
    for (const start of [from, 0]) {
      for (let at: number | null = start; at !== null;) {
        const row: number | null = yield* file.rows.find(text, at)
        if (row === null) break
        const content = filter === null ? null : yield* file.rows.row(row)
        if (filter === null || (content?._tag === "row" && isMatch(content, filter.key, filter.value))) return row
        at = row + 1
      }
    }
    return null
  })

  const found = Effect.fnUntraced(function*(file: Opened, { from, key, sign, text, value }: typeof Question.Type) {
    const filter: Filter | null = key === undefined || value === undefined ? null : { key, value }
    if (text !== "") {
      const answer: FoundAnswer = { row: yield* searched(file, text, from, filter) }
      return jsonAnswer(answer)
    }
    if (filter === null) return refusal(400, "find needs a text, or a key and a value")
    const name = `${filter.key}\n${filter.value}`
    const matches = file.matches.get(name) ?? makeMatches(file.rows, filter)
    file.matches.set(name, matches)
    const match = sign === -1 ? yield* matches.preceding(from) : yield* matches.following(from)
    const answer: FoundAnswer = match ?? { row: null }
    return jsonAnswer(answer)
  })

  const statsOf = Effect.fnUntraced(function*(file: Opened) {
    if (file.stats === undefined) {
      const stats = makeStats()
      yield* Stream.runForEach(file.rows.scan({ from: 0, holding: null }), (rows) =>
        Effect.sync(() => {
          for (const { row } of rows) stats.add(row)
        }))
      const text = yield* Effect.option(fs.readFileString(path.join(path.dirname(file.path), "metadata.json")))
      const ledger = Option.isSome(text) ? readProvenance(text.value).ledger : {}
      file.stats = {
        stats: stats.result(),
        funnel: Object.entries(ledger).map(([stage, { came, kept }]) => ({ stage, kept, leftOut: came - kept }))
      }
    }
    return jsonAnswer(file.stats)
  })

  const recordingOf = Effect.fnUntraced(function*(file: Opened, index: number) {
    const row = yield* file.rows.row(index)
    const asked = row?._tag === "row" ? viewOf(row.value, row.text).recording : null
    if (asked === null) return refusal(404, "this row has no keys to type")
    if (sandbox.sandbox === "pty") return refusal(403, "keys of rows are not typed with --sandbox pty")
    const keys = Either.getOrElse(parseKeys(asked.keys), () => parseKeysLeniently(asked.keys))
    const recording = yield* Effect.flatMap(Sandbox, ({ record }) => record({ source: asked.source, keys }, castSize))
      .pipe(Effect.provide(sandboxLayer(
        { ...sandbox, vimOptions: asked.vimOptions ?? sandbox.vimOptions },
        1,
        "others"
      )))
    const cast = renderCast({ ...recording, ...castSize, version: 2, interval: 0.12 })
    return httpAnswer(cast, "application/x-asciicast; charset=utf-8")
  })

  const setLabel = Effect.fnUntraced(function*(body: string) {
    const read = decodeLabelRequest(body)
    const file = Either.isRight(read) ? opened[read.right.file] : undefined
    if (Either.isLeft(read) || file === undefined) return refusal(400, "a label is {file, row, label}")
    const row = yield* file.rows.row(read.right.row)
    if (row === null) return refusal(404, "there is no such row")
    yield* file.labels.set(read.right.row, row, read.right.label)
    return jsonAnswer({ label: read.right.label })
  })

  const listed = (): ReadonlyArray<FileAnswer> =>
    opened.map(({ name, rows }) => {
      const known = rows.known()
      return { name, bytes: rows.bytes, rows: known.rows, isComplete: known.isComplete }
    })

  /**
   * Answers a request for what lies below "/api/". Every question is sent with POST, and says that it is JSON: a link, an
   * image or a form of another page can send no such thing.
   */
  return Effect.fnUntraced(function*({ body, method }: Visit, name: string) {
    if (!questions.has(name)) return refusal(404, "there is no such page")
    if (method !== "POST") return refusal(405, `${name} is sent with POST`, { allow: "POST" })
    const text = bodyText(yield* body(bodyRules))
    if (name === "label") return yield* setLabel(text)
    if (name === "files") return jsonAnswer(listed())
    const read = decodeQuestion(text)
    if (Either.isLeft(read)) return refusal(400, "a question is {file, row, from, sign, text, key, value}")
    const { right: question } = read
    const file = opened[question.file]
    if (file === undefined) return refusal(404, "there is no such file")
    switch (name) {
      case "row":
        return yield* rowAnswer(file, question.row)
      case "find":
        return yield* found(file, question)
      case "stats":
        return yield* statsOf(file)
      case "count":
        return jsonAnswer({ rows: yield* file.rows.count })
      default:
        return yield* recordingOf(file, question.row)
    }
  })
})
