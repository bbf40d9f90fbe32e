/** Draws paths of edits that build one program, and checks each before anybody sees it. */
import * as Effect from "effect/Effect"
import { applyRendered, type EditStep, renderEdit } from "../../services/edits/edit-format.ts"
import { DoesNotApply, editBetween, insertion } from "../../services/edits/line-edit.ts"
import { joinLines, type LineText, splitLines } from "../../services/text/lines.ts"
import type { LanguageLinter, LinterFailed, Problem } from "../../services/Linter.ts"
import { type LanguageParser, nestedTooDeeply, nestingOf, orGivenUp, type SyntaxNodes } from "../../services/Parser.ts"
import { type HashPart, type Random, randomOf } from "../../services/text/random.ts"
import { judge } from "./judge.ts"
import { lineTable, sampleLines } from "./pylintseq.ts"
import { dealLines } from "./random-baseline.ts"
import { type Judged, type SampleLimits, sampleSteps, type Steps } from "./sample.ts"
import type { LintseqSettings } from "./settings.ts"
import { type Macros, readMacros } from "./structure/macros.ts"
import type { Shape } from "./structure/shape.ts"
import { type Structure, structureOf } from "./structure/structure.ts"

export interface Program {
  readonly code: string
  readonly shape: Shape
  readonly parser: LanguageParser
  readonly linter: LanguageLinter
  /** What names the program among all, for its choices. */
  readonly key: ReadonlyArray<HashPart>
}

/** The steps of one path, from the empty text to the program. */
export type Path = ReadonlyArray<EditStep>

/** A program of which no path is written, and why. */
export interface RefusedProgram {
  readonly refused: string
}

/** What is known of a program before a path is drawn. */
interface Prepared {
  readonly linter: LanguageLinter
  readonly structure: Structure
  /** The problems of the whole program. */
  readonly own: ReadonlyArray<Problem>
  readonly limits: SampleLimits
}

const prepare = Effect.fnUntraced(function*(
  program: Program,
  settings: LintseqSettings
): Effect.fn.Return<Prepared | RefusedProgram, LinterFailed> {
  const { code } = program
  if (code.trim() === "") return { refused: "empty" }
  if (code.includes("\0")) return { refused: "NUL characters" }
  const clock = yield* Effect.clock
  const end = clock.unsafeCurrentTimeMillis() + settings.timeLimitMillis
  if (!program.linter.takes(code)) return { refused: "too long for its linter" }
  const { linter, macros, nodes } = readProgram(program)
  const reason = typeof nodes === "string" ? undefined : reasonAgainstNodes(nodes, settings)
  if (reason !== undefined) return { refused: reason }
  const own = yield* judge(linter, () => problemsOf(code))
  if (own.some(({ isSyntax }) => isSyntax)) return { refused: "does not parse" }
  if (typeof nodes === "string") return { refused: nodes }
  const structure = structureOf(code, nodes, program.shape, macros)
  if (!structure.hasCode) return { refused: "comments only" }
  const isOverdue = () => clock.unsafeCurrentTimeMillis() > end
  return { linter, structure, own, limits: { maxSteps: settings.maxEdits, isOverdue } }
})

interface ReadProgram {
  readonly linter: LanguageLinter
  readonly nodes: SyntaxNodes | string
  readonly macros?: Macros
}

/** The tree of a program; where a grammar cannot read C or C++ as it stands, without what needs their preprocessor. */
const readProgram = ({ code, linter, parser, shape }: Program): ReadProgram => {
  const nodes = readNodes(parser, code)
  const isBroken = typeof nodes !== "string" && nodes.isBroken.includes(1)
  if (!isBroken || !shape.declaredFirst || linter._tag !== "immediate") return { linter, nodes }
  const macros = readMacros(code)
  const readable = readNodes(parser, macros.text)
  if (typeof readable === "string" || readable.isBroken.includes(1)) return { linter, nodes }
  return { linter: { ...linter, check: (text) => linter.check(readMacros(text).text) }, nodes: readable, macros }
}

/** Draws `pathsPerProgram` paths, or says why there are none. */
export const drawPaths = Effect.fnUntraced(function*(
  program: Program,
  settings: LintseqSettings
): Effect.fn.Return<ReadonlyArray<Path> | RefusedProgram, LinterFailed> {
  const prepared = yield* prepare(program, settings)
  if ("refused" in prepared) return prepared
  const paths: Array<Path> = []
  for (let ordinal = 0; ordinal < settings.pathsPerProgram; ordinal++) {
    const random = randomOf("lintseq", settings.seed, ...program.key, ordinal)
    const steps = yield* judge(prepared.linter, () => takeApart(prepared, random, settings))
    if (steps === undefined) return { refused: "time limit" }
    paths.push(buildUp(splitLines(program.code), steps))
  }
  return paths
})

function* problemsOf(code: string): Judged<ReadonlyArray<Problem>> {
  return yield code
}

/** A text with more tokens that fit nowhere is no program. */
const mostStray = 2000

/**
 * Why a text is not shown to a linter, or undefined: native parsers try what nests deeply or fits nowhere in many ways,
 * in time that grows with its square, and nothing can stop them.
 */
export const reasonAgainstNodes = (
  nodes: SyntaxNodes,
  { maxNesting }: Pick<LintseqSettings, "maxNesting">
): string | undefined => {
  if (nestingOf(nodes) > maxNesting) return nestedTooDeeply
  let stray = 0
  for (let row = 1; row < nodes.count; row++) {
    if (nodes.isLeaf[row] === 1 && nodes.type[nodes.parent[row] ?? 0] === "ERROR") stray++
  }
  return stray > mostStray ? "does not parse" : undefined
}

/** The nodes of a text, or why there are none. */
export const readNodes = (parser: LanguageParser, code: string): SyntaxNodes | string =>
  orGivenUp(() => {
    const tree = parser.parse(code)
    try {
      return tree.nodes({ start: 0, end: code.length })
    } finally {
      tree.release()
    }
  })

function* takeApart(
  { limits, own, structure }: Prepared,
  random: Random,
  settings: LintseqSettings
): Judged<Steps | undefined> {
  const steps = settings.algorithm === "pylintseq"
    ? yield* sampleLines(lineTable(structure.lines), random, limits)
    : yield* sampleSteps(structure, own, random, limits)
  return steps !== undefined && settings.randomBaseline ? dealLines(lineTable(structure.lines), steps, random) : steps
}

/**
 * Draws the edits from a text to the program, or says why there are none: first what cannot be told apart, with all
 * that goes, then what is added, in steps of which each is clean.
 */
export const drawAdditions = Effect.fnUntraced(function*(
  program: Program,
  before: LineText,
  settings: LintseqSettings
): Effect.fn.Return<Path | RefusedProgram, LinterFailed> {
  if (before.lines.length === 0) {
    const drawn = yield* drawPaths(program, { ...settings, pathsPerProgram: 1 })
    return "refused" in drawn ? drawn : drawn[0] ?? []
  }
  const prepared = yield* prepare(program, settings)
  if ("refused" in prepared) return prepared
  const { limits, own, structure } = prepared
  const after = splitLines(program.code)
  const added = addedLines(before, after)
  const isOld = new Uint8Array(structure.needs.count)
  for (const [line, thing] of structure.ofLine.entries()) if (added[line] !== 1) isOld[thing] = 1
  const random = randomOf("lintseq", settings.seed, ...program.key)
  const isPinned = (thing: number): boolean => isOld[thing] === 1
  const steps = yield* judge(prepared.linter, () => sampleSteps(structure, own, random, limits, isPinned))
  if (steps === undefined) return { refused: "time limit" }
  const late = new Set(steps.flat())
  const path = buildUp(after, [...steps, after.lines.flatMap((_, line) => (late.has(line) ? [] : [line]))])
  const [first, ...rest] = path
  if (first === undefined) return []
  const edit = editBetween(before, first.after)
  return edit.length === 0 ? rest : [{ before, after: first.after, edit }, ...rest]
})

/** 1 for each line of `after` that `before` does not have. */
const addedLines = (before: LineText, after: LineText): Uint8Array => {
  const added = new Uint8Array(after.lines.length)
  let shift = 0
  for (const change of editBetween(before, after)) {
    for (let at = 0; at < change.added.length; at++) added[change.start + shift + at] = 1
    shift += change.added.length - change.removed.length
  }
  return added
}

/** Turns steps that take a program apart into edits that build it. */
const buildUp = (program: LineText, steps: Steps): Path => {
  const { lines } = program
  const added = new Uint8Array(lines.length)
  let before: LineText = { lines: [], isOpen: false }
  let kept: ReadonlyArray<number> = []
  return steps.toReversed().map((step) => {
    const edit = insertion(lines, kept, step)
    for (const line of step) added[line] = 1
    const now: Array<number> = []
    const texts: Array<string> = []
    for (let line = 0; line < lines.length; line++) {
      if (added[line] !== 1) continue
      now.push(line)
      texts.push(lines[line] ?? "")
    }
    kept = now
    const after: LineText = { lines: texts, isOpen: program.isOpen && added[lines.length - 1] === 1 }
    const result = { before, after, edit }
    before = after
    return result
  })
}

/** Renders a path and applies what it rendered; returns undefined where that does not end at `code`, byte for byte. */
export const renderPath = (
  path: Path,
  code: string,
  settings: Pick<LintseqSettings, "editFormat">,
  file: string
): ReadonlyArray<string> | undefined => {
  const texts: Array<string> = []
  let lines: ReadonlyArray<string> = []
  for (const step of path) {
    const text = renderEdit(settings.editFormat, step, file)
    texts.push(text)
    try {
      lines = applyRendered(settings.editFormat, lines, text)
    } catch (cause) {
      if (cause instanceof DoesNotApply) return undefined
      throw cause
    }
  }
  const isOpen = path[path.length - 1]?.after.isOpen ?? false
  return joinLines({ lines, isOpen }) === code ? texts : undefined
}
