/** What the page asks of the files: rows, tables, searches, figures, recordings, labels. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { renderCast } from "../../../services/keys/cast.ts"
import { readCast } from "../../../services/keys/read-cast.ts"
import { parseKeys, parseKeysLeniently } from "../../../services/keys/keystrokes.ts"
import { makeStats } from "../../../services/measures/file-stats.ts"
import { type FileRow, Reader } from "../../../services/Reader.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { Sandbox } from "../../../services/Sandbox.ts"
import { httpAnswer, jsonAnswer, refusal } from "../../shared/http/answer.ts"
import { bodyText } from "../../shared/http/body.ts"
import type { Visit } from "../../shared/http/serve.ts"
import { CannotReadInput } from "../../shared/problems.ts"
import { provenanceBeside } from "../../shared/provenance-beside.ts"
import type { ViewedFile } from "../../shared/row-files.ts"
import { type SandboxAnswers, sandboxLayer } from "../../shared/sandbox.ts"
import { systemWords } from "../../../services/faults/system-words.ts"
import { findOtherAnswer } from "../find-other-answer.ts"
import { isCast } from "../play-cast.ts"
import { contentOf } from "./answers.ts"
import { exportOf } from "./export.ts"
import { makeHighlight } from "./highlight.ts"
import { openLabels } from "../labels.ts"
import { faultIn, fieldNamesIn, makeOpenedRows, type OpenedRows } from "./opened.ts"
import type { FileAnswer, RowAnswer } from "./protocol.ts"
import { decodeLabelRequest, decodeQuestion } from "./questions.ts"
import { countHits, foundIn } from "./search.ts"
import { linesOf, surveyOf } from "./table.ts"

/** A question needs no more; whoever sends more is no page of ours. */
const bodyRules = { most: 64 * 1024, types: ["application/json"] }
const questions: ReadonlySet<string> = new Set([
  "files",
  "label",
  "row",
  "lines",
  "survey",
  "check",
  "fields",
  "export",
  "find",
  "hits",
  "stats",
  "count",
  "recording",
  "cast"
])

/** A row does not wait longer for the other answer to its question. */
const patience = "150 millis"

const castSize = { columns: 80, rows: 20 }

/** Opens the files; gives what answers a request for a path below "/api/". */
export const makeApi = Effect.fn("view.api")(function*(files: ReadonlyArray<ViewedFile>, sandbox: SandboxAnswers) {
  const reader = yield* Reader
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const highlight = yield* makeHighlight
  const opened: Array<OpenedRows | null> = []
  for (const file of files) {
    opened.push(
      isCast(file.name)
        ? null
        : makeOpenedRows({ ...file, rows: yield* reader.open(file.path), labels: yield* openLabels(file.path) })
    )
  }

  const otherAnswer = (file: OpenedRows, row: FileRow, isPatient: boolean) => {
    const found = Effect.map(findOtherAnswer(file.rows, row), (other) => other ?? "none" as const)
    return isPatient ? found : Effect.map(
      Effect.timeoutOption(found, patience),
      Option.getOrElse(() => "sought" as const)
    )
  }

  const rowAnswer = Effect.fnUntraced(function*(file: OpenedRows, index: number, isPatient: boolean) {
    const row = yield* file.rows.row(index)
    const answer: RowAnswer = {
      index,
      row: row === null ? null : yield* contentOf(row, yield* otherAnswer(file, row, isPatient), highlight),
      known: file.rows.known(),
      label: row === null ? null : file.labels.of(index, row)
    }
    return jsonAnswer(answer)
  })

  const statsOf = Effect.fnUntraced(function*(file: OpenedRows) {
    if (file.stats === undefined) {
      const stats = makeStats()
      yield* Stream.runForEach(file.rows.scan({ from: 0, holding: null }), (rows) =>
        Effect.sync(() => {
          for (const { row } of rows) stats.add(row)
        }))
      const { ledger } = yield* provenanceBeside(path.dirname(file.path), [path.basename(file.path)])
      file.stats = {
        stats: stats.result(),
        funnel: Object.entries(ledger).map(([stage, { came, kept }]) => ({ stage, kept, leftOut: came - kept }))
      }
    }
    return jsonAnswer(file.stats)
  })

  const recordingOf = Effect.fnUntraced(function*(file: OpenedRows, index: number) {
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
    const file = Either.isRight(read) ? opened[read.right.file] ?? undefined : undefined
    if (Either.isLeft(read) || file === undefined) return refusal(400, "a label is {file, row, label}")
    const { label, row: index } = read.right
    const row = yield* file.rows.row(index)
    if (row === null) return refusal(404, "there is no such row")
    yield* file.labels.set(index, row, label)
    file.mark(index, label)
    return jsonAnswer({ label })
  })

  const listed = (): ReadonlyArray<FileAnswer> =>
    files.map(({ name }, index) => {
      const rows = opened[index]?.rows
      const known = rows?.known() ?? { rows: 0, isComplete: true }
      return { name, bytes: rows?.bytes ?? 0, ...known, isRecording: rows === undefined }
    })

  const castOf = (path: string) =>
    fs.readFileString(path).pipe(
      Effect.mapError((cause) => new CannotReadInput({ path, detail: systemWords(cause) })),
      Effect.map((text) =>
        readCast(text) === undefined
          ? refusal(400, "this is no recording of asciicast version 2 or 3")
          : httpAnswer(text, "application/x-asciicast; charset=utf-8")
      )
    )

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
    if (Either.isLeft(read)) return refusal(400, "a question is {file, row, from, sign, text, filters}")
    const { right: question } = read
    const place = files[question.file]
    if (place === undefined) return refusal(404, "there is no such file")
    if (name === "cast") return isCast(place.name) ? yield* castOf(place.path) : refusal(404, "this is no recording")
    const file = opened[question.file] ?? null
    if (file === null) return refusal(404, "a recording has no rows")
    switch (name) {
      case "row":
        return yield* rowAnswer(file, question.row, question.isPatient)
      case "lines":
        return jsonAnswer(yield* linesOf(file, question))
      case "survey":
        return surveyOf(file, question)
      case "check":
        return jsonAnswer({ fault: yield* faultIn(file, question) })
      case "fields":
        return jsonAnswer({ names: yield* fieldNamesIn(file) })
      case "export":
        return exportOf(file, question)
      case "find":
        if (question.text === "" && question.filters.length === 0) return refusal(400, "find needs a text or a filter")
        return jsonAnswer(yield* foundIn(file, question))
      case "hits":
        return jsonAnswer(yield* countHits(file, question))
      case "stats":
        return yield* statsOf(file)
      case "count":
        return jsonAnswer({ rows: yield* file.rows.count })
      default:
        return yield* recordingOf(file, question.row)
    }
  })
})
