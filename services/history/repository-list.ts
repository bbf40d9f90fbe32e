/**
 * A list of repositories: a path or a URL a line, with a revision behind blanks where one is meant. What holds blanks
 * stands in quotes; a "#" where a word could begin starts a comment.
 */
import * as Either from "effect/Either"
import { withoutPasswords } from "../text/showable.ts"
import { normalisedOrigin, protocolOf } from "./origin.ts"

/** A repository of a list. */
export interface ListedRepository {
  /** An absolute path or a clone URL. */
  readonly location: string
  /** The revision to start from, where it is another than that of the other repositories. */
  readonly rev: string | null
}

/** A line that cannot be used. Lines count from 1. */
export interface BadLine {
  readonly line: number
  /** What is wrong with it; holds no password. */
  readonly detail: string
}

/**
 * Parses a list. `resolve` makes an absolute path of one that is relative to the list. A repository that is there twice
 * is refused, however its URL is spelled: rows could not tell which one they are from.
 *
 * @example
 * parseRepositoryList("/r/flask v3.0.0 # the last one\n", (path) => path).right // [{ location: "/r/flask", rev: "v3.0.0" }]
 */
export const parseRepositoryList = (
  text: string,
  resolve: (path: string) => string
): Either.Either<ReadonlyArray<ListedRepository>, BadLine> => {
  const found: Array<ListedRepository> = []
  const lineOf = new Map<string, number>()
  for (const [index, content] of text.replace(/^\ufeff/, "").split(/\r\n|[\r\n]/).entries()) {
    const line = index + 1
    const words = wordsOf(content)
    if (typeof words === "string") return Either.left({ line, detail: words })
    const [named, rev = null] = words
    if (named === undefined) continue
    const location = absoluteLocation(named, resolve)
    const identity = identityOfLocation(location)
    const before = lineOf.get(identity)
    if (before !== undefined) {
      return Either.left({ line, detail: `"${withoutPasswords(named)}" stands in line ${before} already` })
    }
    lineOf.set(identity, line)
    found.push({ location, rev })
  }
  return Either.right(found)
}

/** Returns a URL as it is, and a path as an absolute one. */
export const absoluteLocation = (location: string, resolve: (path: string) => string): string =>
  protocolOf(location) === undefined ? resolve(location) : location

/** What the spellings of one repository have in common: an absolute path, or a URL whoever logs in and by what protocol. */
export const identityOfLocation = (location: string): string =>
  normalisedOrigin(location) ?? location.replace(/(?<=.)\/+$/, "")

/** A word, in quotes or not, up to the next blank. */
const word = /\s*(?:"([^"]+)"|'([^']+)'|([^\s"']\S*))(?=\s|$)/y

/** Returns the words of a line, two at the most, or what is wrong with it. */
const wordsOf = (line: string): ReadonlyArray<string> | string => {
  if (/[\p{Cc}\ufffd]/u.test(line.replaceAll("\t", " "))) return "it holds a character that no path or URL has"
  const words: Array<string> = []
  for (let at = 0; /^\s*[^\s#]/.test(line.slice(at)); at = word.lastIndex) {
    word.lastIndex = at
    const [, double, single, bare] = word.exec(line) ?? []
    const next = double ?? single ?? bare
    if (next === undefined) return "a quote has to end, and a blank or the end of the line has to follow it"
    words.push(next)
  }
  return words.length > 2
    ? `it has ${words.length} words; it takes a path or URL and a revision, and what holds blanks in quotes`
    : words
}
