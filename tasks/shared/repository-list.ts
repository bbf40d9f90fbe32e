/** The repositories that a run is to read: those that were named by hand, and those of a list. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import {
  absoluteLocation,
  identityOfLocation,
  type ListedRepository,
  parseRepositoryList
} from "../../services/history/repository-list.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { WrongUsage } from "./problems.ts"
import { readText } from "./text-input.ts"

/** A repository that a run is to read. */
export interface RepositoryAsked extends ListedRepository {
  /** Whether it is one of a list, and is left out and counted where it cannot be opened. */
  readonly isListed: boolean
}

/** A list of repositories holds a line that names none, or it names none at all. */
export class BadRepositoryList extends Schema.TaggedError<BadRepositoryList>()("BadRepositoryList", {
  /** The file and the line, as in "repos.txt:3". */
  place: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot read ${this.place}: ${this.detail}`
  }
}

/** Returns the repositories that were named by hand, then those of the list. None may be among both. */
export const repositoriesAsked = Effect.fnUntraced(function*(
  named: ReadonlyArray<string>,
  list: string | undefined
) {
  const byHand = named.map((location): RepositoryAsked => ({ location, rev: null, isListed: false }))
  if (list === undefined) return byHand
  const path = yield* Path.Path
  const listed = (yield* readRepositoryList(list)).map((one): RepositoryAsked => ({ ...one, isListed: true }))
  const resolve = (relative: string) => path.resolve(relative)
  const identities = new Set(named.map((location) => identityOfLocation(absoluteLocation(location, resolve))))
  const twice = listed.find(({ location }) => identities.has(identityOfLocation(location)))
  if (twice !== undefined) {
    return yield* new WrongUsage({
      detail: `Cannot read "${
        withoutPasswords(twice.location)
      }" twice: it is named by hand and stands in the list as well`
    })
  }
  return [...byHand, ...listed]
})

/** Reads a list from a file, to whose folder its paths are relative, or from standard input for "-". */
export const readRepositoryList = Effect.fn("shared.readRepositoryList")(function*(file: string) {
  const path = yield* Path.Path
  const name = file === "-" ? "standard input" : file
  const folder = file === "-" ? path.resolve() : path.dirname(path.resolve(file))
  const text = (yield* readText(file, undefined, "--repos")) ?? ""
  const listed = parseRepositoryList(text, (relative) => path.resolve(folder, relative))
  if (Either.isLeft(listed)) {
    const { detail, line } = listed.left
    return yield* new BadRepositoryList({ place: `${name}:${line}`, detail })
  }
  if (listed.right.length === 0) {
    return yield* new BadRepositoryList({ place: name, detail: "it names no repository; write a path or a URL a line" })
  }
  return listed.right
})
