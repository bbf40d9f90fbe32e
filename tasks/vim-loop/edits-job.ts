/**
 * The job on some lineages: each change is diffed, parsed and cut at every depth; what is no edit worth typing is
 * counted.
 */
import * as Effect from "effect/Effect"
import { depthPairs, type ParsedSide } from "../../services/cuts/depths.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { editId } from "../../services/edits/edit-id.ts"
import { languageNamed, refineByText } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { nestedTooDeeply, nestingOf, orGivenUp, type Parser } from "../../services/Parser.ts"
import { hasConflictMarkers, reasonAgainstSource } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import { type Span, utf8Length } from "../../services/text/span.ts"
import type { Lineage, LineageChange } from "../../services/history/lineages.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { changedLines, type LoopEdit, reasonAgainstEdit, textOfReason } from "./edits.ts"
import type { EditsInput, EditsOutput } from "./jobs.ts"

export const runEditsJob = (parser: Parser["Type"]) =>
  Effect.fnUntraced(function*(input: EditsInput) {
    const ledger: Ledger = {}
    const edits: Array<LoopEdit> = []
    for (const lineage of input.lineages) {
      // What a change ends with, the next one starts from.
      let last: ParsedVersion | undefined
      for (const change of lineage.changes) {
        const before = change.oldBlob === last?.blob ? last : yield* readVersion(parser, input, change, change.oldBlob)
        const after = yield* readVersion(parser, input, change, change.newBlob)
        last = after
        const made = editsOf(input, lineage, change, before, after, ledger)
        if (typeof made === "string") leaveOut(ledger, "changes", made)
        else {
          keep(ledger, "changes")
          for (const edit of made) edits.push(edit)
        }
      }
    }
    return { edits, ledger }
  }) satisfies (input: EditsInput) => Effect.Effect<EditsOutput, Error>

interface ParsedVersion {
  readonly blob: string | null
  /** The text with its tree, or why there is none. */
  readonly side: ParsedSide | string
  readonly language: string
}

const readVersion = Effect.fnUntraced(function*(
  parser: Parser["Type"],
  input: EditsInput,
  change: LineageChange,
  blob: string | null
) {
  const none = (side: string): ParsedVersion => ({ blob, side, language: change.language })
  if (blob === null) return none("file added")
  const bytes = input.contents.get(blob)
  if (bytes === undefined) return none("missing object")
  const decoded = decodeSource(bytes)
  if (decoded._tag === "refused") return none(decoded.reason)
  const { text } = decoded
  const reason = hasConflictMarkers(text) ? "conflict markers" : reasonAgainstSource(text)
  if (reason !== undefined) return none(reason)
  const known = languageNamed(change.language)
  const language = known === undefined ? undefined : refineByText(known, text)
  if (language?.hasGrammar !== true) return none(`no grammar for ${language?.name ?? change.language}`)
  // The whole version: an edit may show a piece of a secret, which does not look like one.
  if (holdsSecret(text)) return none("secret")
  const opened = yield* parser.open(language.name)
  const side = orGivenUp(() => {
    const tree = opened.parse(text)
    try {
      const nodes = tree.nodes({ start: 0, end: text.length })
      return nestingOf(nodes) > input.settings.maxNesting ? nestedTooDeeply : { text, nodes }
    } finally {
      tree.release()
    }
  })
  const version: ParsedVersion = { blob, side, language: language.name }
  return version
})

/** Returns the edits that a change is at its depths, or why it is none. */
const editsOf = (
  { repository, settings }: EditsInput,
  { group, side }: Lineage,
  change: LineageChange,
  { side: before }: ParsedVersion,
  { language, side: after }: ParsedVersion,
  ledger: Ledger
): ReadonlyArray<LoopEdit> | string => {
  if (typeof before === "string") return before
  if (typeof after === "string") return after
  if ([change.subject, change.path, change.oldPath].some(holdsSecret)) return "secret"
  const pairs = depthPairs(before, after, lineDiff(before.text, after.text))
  if (pairs.length === 0) return "no text changed"
  return pairs.flatMap((pair): ReadonlyArray<LoopEdit> => {
    const source = before.text.slice(pair.before.start, pair.before.end)
    const target = after.text.slice(pair.after.start, pair.after.end)
    const lines = changedLines(source, target)
    const reason = reasonAgainstEdit(source, target, lines, settings)
    if (reason !== undefined) {
      leaveOut(ledger, "edits", textOfReason(reason))
      return []
    }
    keep(ledger, "edits")
    return [{
      id: editId({ source, target }),
      source,
      target,
      language,
      depth: pair.depth,
      lines,
      group,
      side,
      origin: {
        repo: repository,
        filepath: change.path,
        commit: change.commit,
        parent: change.parent,
        parent_filepath: change.oldPath,
        commit_message: change.subject,
        span_before: bytesOf(before.text, pair.before),
        span_after: bytesOf(after.text, pair.after)
      }
    }]
  })
}

const bytesOf = (text: string, { end, start }: Span): readonly [number, number] => {
  const head = utf8Length(text, 0, start)
  return [head, head + utf8Length(text, start, end)]
}
