/** Brings a bare clone up to date: afterwards it has the branches, the tags and the HEAD that a new one would have. */
import * as Effect from "effect/Effect"
import { cloneProtocols } from "../../services/history/origin.ts"
import { askGit, fetchByGit, orNothing } from "./ask-git.ts"
import type { GitPlace } from "./plain-git.ts"

/** Returns whether anything was new. */
export const bringUpToDate = Effect.fnUntraced(function*(place: GitPlace) {
  const told = yield* fetchByGit(
    place,
    ["ls-remote", "--quiet", "--symref", "origin", "HEAD", "refs/heads/*", "refs/tags/*"],
    cloneProtocols
  )
  const there = readRemote(told)
  const here = yield* askGit(place, ["for-each-ref", "--format=%(objectname)%09%(refname)", "refs/heads", "refs/tags"])
  const head = (yield* orNothing(askGit(place, ["symbolic-ref", "--quiet", "HEAD"]))).trim() ||
    (yield* orNothing(askGit(place, ["rev-parse", "--verify", "--quiet", "HEAD"]))).trim()
  const isFetched = here.trim().split("\n").sort().join("\n") === there.refs.join("\n")
  if (!isFetched) {
    const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
    yield* fetchByGit(
      place,
      ["fetch", "--prune", "--quiet", "--progress", "--no-recurse-submodules", "origin", ...refs],
      cloneProtocols
    )
  }
  const isMoved = there.head !== "" && there.head !== head
  if (isMoved) {
    yield* askGit(
      place,
      there.head.startsWith("refs/")
        ? ["symbolic-ref", "HEAD", there.head]
        : ["update-ref", "--no-deref", "HEAD", there.head]
    )
  }
  return !isFetched || isMoved
})

/** Reads what git lists of another repository: its refs, sorted, and the branch or commit of its HEAD, "" for none. */
const readRemote = (told: string): { readonly refs: ReadonlyArray<string>; readonly head: string } => {
  const lines = told.split("\n").filter((line) => line !== "")
  const symbolic = lines.flatMap((line) => /^ref: (\S+)\tHEAD$/.exec(line)?.[1] ?? [])
  const detached = lines.flatMap((line) => /^([\da-f]+)\tHEAD$/.exec(line)?.[1] ?? [])
  return {
    refs: lines.filter((line) => /^[\da-f]+\trefs\/(?:heads|tags)\//.test(line) && !line.endsWith("^{}")).sort(),
    head: symbolic[0] ?? detached[0] ?? ""
  }
}
