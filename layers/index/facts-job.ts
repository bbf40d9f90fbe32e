/** The facts job over the parser of its thread. */
import * as Effect from "effect/Effect"
import type { SourceFile } from "../../services/Index.ts"
import { holdsSecret, holdsSecretNear } from "../../services/secrets/secret-in.ts"
import type { Hunk } from "../../services/text/diff.ts"
import { languageOfPath, refineByText } from "../../services/text/language.ts"
import type { GrammarUnavailable, LanguageParser, Parser } from "../../services/Parser.ts"
import { factsOf, type FileFacts } from "./facts.ts"
import type { FactsOutput } from "./jobs.ts"
import type { RecentTrees } from "../../services/text/recent-trees.ts"

/**
 * Opens the parser of a file's language, which is undefined where there is none. With `trees`, a file is parsed starting
 * from what it was before.
 */
export const parserFor = (
  parser: Parser["Type"],
  { path, text }: SourceFile,
  trees?: RecentTrees
): Effect.Effect<LanguageParser | undefined, GrammarUnavailable> => {
  const known = languageOfPath(path)
  const language = known === undefined ? undefined : refineByText(known, text)
  if (language?.hasGrammar !== true) return Effect.succeed(undefined)
  const opening = parser.open(language.name)
  return trees === undefined ? opening : Effect.map(opening, (opened) => trees.parserOf(path, language.name, opened))
}

/** Returns what reads the facts of a file with the parser of its language, which is opened when it is first needed. */
export const readFacts = (parser: Parser["Type"]) => (file: SourceFile): Effect.Effect<FileFacts, GrammarUnavailable> =>
  Effect.map(parserFor(parser, file), (opened) => factsOf(file.path, file.text, opened))

/** Whether a file is left out as a whole, because it holds a secret: a stretch of it might show a piece of that. */
export const isSecretFile = ({ path, text }: SourceFile): boolean => holdsSecret(path) || holdsSecret(text)

/** Whether a file that held none does, now that the hunks are written. */
export const isSecretChange = (text: string, hunks: ReadonlyArray<Hunk>): boolean =>
  holdsSecretNear(text, hunks.map((hunk) => hunk.new))

export const runFactsJob = (parser: Parser["Type"]) =>
  Effect.fnUntraced(function*({ files }: { readonly files: ReadonlyArray<SourceFile> }) {
    const read = readFacts(parser)
    const facts: Array<FileFacts> = []
    const secret: Array<string> = []
    for (const file of files) {
      if (isSecretFile(file)) secret.push(file.path)
      else facts.push(yield* read(file))
    }
    const output: FactsOutput = { facts, secret }
    return output
  })
