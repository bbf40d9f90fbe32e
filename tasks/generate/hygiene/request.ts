/** Answers about publishing become settings: files are read, and what cannot be meant is told with what to do. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { systemWords } from "../../../services/faults/system-words.ts"
import { isAuthor, readAuthors } from "../../../services/hygiene/excluded-authors.ts"
import { faultOfGlob } from "../../../services/hygiene/excluded-paths.ts"
import { permissive, readAllowed } from "../../../services/hygiene/licence-expression.ts"
import { fingerprintOf } from "../../../services/text/random.ts"
import type { AnswersTo } from "../../shared/asked/asked.ts"
import { didYouMean } from "../../shared/asked/suggest.ts"
import { CannotReadInput, WrongLine, WrongUsage } from "../../shared/problems.ts"
import type { asked } from "../asked.ts"
import type { GenerateSettings } from "../settings.ts"
import { readBenchmark, sha256Of } from "./benchmarks.ts"
import { type BenchmarkFile, type HygieneSettings, noHygiene } from "./settings.ts"

const wrong = (detail: string) => new WrongUsage({ detail })

/** What is asked of rows that are to be published. */
export interface HygieneRequest extends Pick<GenerateSettings, "excludedAuthors" | "excludedPaths"> {
  readonly hygiene: HygieneSettings
  /** What metadata says in place of answers that name files or people. */
  readonly recorded: Readonly<Record<"decontaminate" | "excludeAuthors", unknown>>
}

/** Where nobody asks for anything. */
export const nothingAsked: HygieneRequest = {
  hygiene: noHygiene,
  excludedAuthors: [],
  excludedPaths: [],
  recorded: { decontaminate: [], excludeAuthors: [] }
}

/** Reads what the answers name, and checks what they mean. */
export const readHygiene = Effect.fnUntraced(function*(answers: AnswersTo<typeof asked>) {
  const path = yield* Path.Path
  const { decontaminate, excludeAuthors, excludePaths, licenses, personalData, source } = answers
  for (const glob of excludePaths) {
    const fault = faultOfGlob(glob)
    if (fault !== undefined) return yield* wrong(`Cannot use --exclude-paths ${glob}: ${fault}`)
  }
  if (source === "tree" && excludeAuthors.length > 0) {
    return yield* wrong("Cannot exclude authors with --source tree: files hold no authors; pass --source history")
  }
  const licences = yield* resolveLicences(licenses)
  const named = yield* Effect.forEach(excludeAuthors, readExcluded)
  const excludedAuthors = [...new Set(named.flat().map((author) => author.toLowerCase()))].sort()
  const benchmarks = withOwnNames(decontaminate.map((file) => path.resolve(file)), path.basename)
  const read = yield* Effect.forEach(benchmarks, (file) =>
    Effect.map(
      Effect.zip(sha256Of(file.path), readBenchmark(file)),
      ([sha256, texts]) => ({ file: file.name, sha256, tasks: new Set(texts.map(({ task }) => task)).size })
    ))
  const request: HygieneRequest = {
    hygiene: { licences, benchmarks, personalData },
    excludedAuthors,
    excludedPaths: excludePaths,
    recorded: {
      decontaminate: read,
      // Whoever wants to be left out is not to be named either.
      excludeAuthors: excludedAuthors.length === 0
        ? []
        : { authors: excludedAuthors.length, fingerprint: fingerprintOf(excludedAuthors) }
    }
  }
  return request
})

const resolveLicences = Effect.fnUntraced(function*(list: ReadonlyArray<string> | undefined) {
  if (list === undefined) return null
  if (list.includes("any")) {
    return list.length === 1
      ? "any" as const
      : yield* wrong("Cannot use --licenses any with others: it leaves nothing out")
  }
  const read = readAllowed(list.join(","))
  if (read._tag === "unknown") {
    const meant = didYouMean(read.name, ["permissive", "any", ...permissive])
    return yield* wrong(`Cannot use --licenses ${read.name}: SPDX has no licence of that name${meant}`)
  }
  if (read.names.size === 0) {
    return yield* wrong("Cannot use --licenses without a name: it takes SPDX names or permissive")
  }
  return [...read.names].sort()
})

/** An answer is an author, or a file of authors. */
const readExcluded = Effect.fnUntraced(function*(answer: string) {
  if (isAuthor(answer)) return [answer]
  if (answer.includes("@")) {
    return yield* wrong(`Cannot use --exclude-authors ${answer}: it takes e-mail addresses, or @ and a domain`)
  }
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).resolve(answer)
  const text = yield* Effect.mapError(
    fs.readFileString(path),
    (cause) => new CannotReadInput({ path, detail: `${systemWords(cause)}; pass e-mail addresses or a file of them` })
  )
  const authors = readAuthors(text)
  return typeof authors === "number" ?
    yield* new WrongLine({
      path,
      line: authors,
      detail: "it holds no e-mail address, and no @ with a domain"
    }) :
    authors
})

/** Files by their names; of equal ones the second is called "name (2)". */
const withOwnNames = (
  paths: ReadonlyArray<string>,
  nameOf: (path: string) => string
): ReadonlyArray<BenchmarkFile> => {
  const counts = new Map<string, number>()
  return [...new Set(paths)].map((path) => {
    const name = nameOf(path)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return { name: count === 1 ? name : `${name} (${count})`, path }
  })
}
