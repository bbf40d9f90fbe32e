/** Rows that come as files: pairs to be solved, candidates that were made elsewhere, examples of an earlier run. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { editId } from "../../services/edits/edit-id.ts"
import { isProse, readAnswer } from "../../services/formats/keystroke-answer.ts"
import { withoutItemNumber } from "../../services/keys/item-number.ts"
import { type Keystrokes, parseKeys, parseKeysLeniently, printKeys } from "../../services/keys/keystrokes.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { isIllFormedJson } from "../../services/rows/well-formed.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { GivenEditRow } from "../../services/rows/transform.ts"
import type { Candidate, SolvedEdit } from "../../services/Predictor.ts"
import { rowLines } from "../shared/row-lines.ts"
import { changedLines, type LoopEdit, type ReasonAgainstEdit, reasonAgainstEdit, textOfReason } from "./edits.ts"
import { isSecretCandidate } from "./secret-candidate.ts"
import type { VimLoopSettings } from "./settings.ts"

const decodeRow = Schema.decodeUnknownEither(Schema.parseJson(GivenEditRow))

const listed = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : typeof value === "string" ? [value] : value

/** CandidatesByEdit of one edit, the first of equal ones. */
export type CandidatesByEdit = ReadonlyMap<string, ReadonlyArray<Candidate>>

/** Whether what rows tell of an edit holds a secret. */
const isSecretRow = ({ filepath, group, language, repo, source, target }: GivenEditRow): boolean =>
  [source, target, language, group, repo, filepath].some((text) => typeof text === "string" && holdsSecret(text))

/** The candidates of a row. What cannot be read as keys, or is none, is counted. */
const candidatesOf = (row: GivenEditRow, ledger: Ledger): ReadonlyArray<Candidate> => {
  const refuse = (reason: string): ReadonlyArray<Candidate> => {
    leaveOut(ledger, "candidates", reason)
    return []
  }
  const read = (transform: string, keys: Keystrokes): ReadonlyArray<Candidate> => {
    const candidate = { transform, keys }
    const reason = keys.length === 0 ? "no keys" : isSecretCandidate(candidate) ? "secret" : undefined
    if (reason !== undefined) return refuse(reason)
    keep(ledger, "candidates")
    return [candidate]
  }
  const written = listed(row.keys).flatMap((text) =>
    Either.match(parseKeys(text), {
      onLeft: () => refuse("keys that cannot be read"),
      onRight: (keys) => read(text, keys)
    })
  )
  // Where both stand in a row, the transform is the same keys as they were received.
  const received = written.length > 0 ? [] : listed(row.transform).map((text) => withoutItemNumber(text, row.target))
  return [
    ...written,
    ...received.flatMap((text) => (isProse(text) ? refuse("prose") : read(text, parseKeysLeniently(text)))),
    ...listed(row.completion).map(readAnswer).flatMap((answer) =>
      Either.isLeft(answer) ? refuse(answer.left) : read(answer.right.transform, answer.right.keys)
    )
  ]
}

/** Reads the lines of a file that are rows; the others are counted. */
const readRows = Effect.fnUntraced(function*(
  path: string,
  ledger: Ledger,
  take: (row: GivenEditRow, index: number) => void
) {
  let index = 0
  yield* (yield* rowLines(path)).pipe(
    Stream.runForEach((line) =>
      Effect.sync(() => {
        const row = decodeRow(line)
        if (Either.isLeft(row)) leaveOut(ledger, "rows", "no JSON object with texts as its fields")
        else if (line.includes("\\u") && isIllFormedJson(JSON.stringify(row.right))) {
          leaveOut(ledger, "rows", "lone surrogate")
        } else take(row.right, index)
        index++
      })
    )
  )
})

const addCandidates = (all: Map<string, Array<Candidate>>, id: string, more: ReadonlyArray<Candidate>) => {
  const known = all.get(id) ?? []
  if (more.length > 0) all.set(id, known)
  const seen = new Set(known.map(({ keys }) => printKeys(keys)))
  for (const candidate of more) {
    if (seen.has(printKeys(candidate.keys))) continue
    seen.add(printKeys(candidate.keys))
    known.push(candidate)
  }
}

/** A pair is what somebody wants: it may start from nothing, or keep nothing. */
const isWanted = (reason: ReasonAgainstEdit): boolean => reason === "blank" || reason === "nothing kept"

/** Reads pairs of source and target, and the candidates that some of them carry. */
export const readPairs = Effect.fn("vimLoop.readPairs")(function*(path: string, settings: VimLoopSettings) {
  const ledger: Ledger = {}
  const edits: Array<Omit<LoopEdit, "side">> = []
  const candidates = new Map<string, Array<Candidate>>()
  yield* readRows(path, ledger, (row) => {
    const { source, target } = row
    if (source === undefined || target === undefined) return leaveOut(ledger, "rows", "no source or no target")
    if (isSecretRow(row)) return leaveOut(ledger, "rows", "secret")
    keep(ledger, "rows")
    const lines = changedLines(source, target)
    const reason = reasonAgainstEdit(source, target, lines, settings)
    if (reason !== undefined && !isWanted(reason)) return leaveOut(ledger, "edits", textOfReason(reason))
    keep(ledger, "edits")
    const id = editId({ source, target })
    // Null and "" both say nothing.
    const group = row.group || (row.filepath ? `${row.repo ?? ""}:${row.filepath}` : id)
    edits.push({
      id,
      source,
      target,
      language: row.language || null,
      depth: null,
      lines,
      group,
      origin: {
        repo: row.repo || null,
        filepath: row.filepath || null,
        commit: null,
        parent: null,
        parent_filepath: null,
        commit_message: null,
        span_before: null,
        span_after: null
      }
    })
    return addCandidates(candidates, id, candidatesOf(row, ledger))
  })
  return { edits, candidates, ledger }
})

/** Reads candidates by the id of their edit, or by its texts. */
export const readCandidates = Effect.fn("vimLoop.readCandidates")(function*(path: string) {
  const ledger: Ledger = {}
  const candidates = new Map<string, Array<Candidate>>()
  yield* readRows(path, ledger, (row) => {
    const { source, target } = row
    const id = row.id ?? (source === undefined || target === undefined ? undefined : editId({ source, target }))
    if (id === undefined) return leaveOut(ledger, "rows", "neither an id nor source and target")
    keep(ledger, "rows")
    return addCandidates(candidates, id, candidatesOf(row, ledger))
  })
  return { candidates, ledger }
})

/** Reads solved edits, such as the transforms of an earlier run. They are shown to a model as they are. */
export const readExamples = Effect.fn("vimLoop.readExamples")(function*(path: string) {
  const ledger: Ledger = {}
  const examples: Array<SolvedEdit> = []
  yield* readRows(path, ledger, (row) => {
    const { language, source, target } = row
    const [first] = candidatesOf(row, ledger)
    if (source === undefined || target === undefined || first === undefined) {
      return leaveOut(ledger, "rows", "no source, target or keys")
    }
    if (isSecretRow(row)) return leaveOut(ledger, "rows", "secret")
    keep(ledger, "rows")
    examples.push({ source, target, language: language ?? null, keys: first.keys })
    return undefined
  })
  return { examples, ledger }
})
