/**
 * What git warned of while it did what it was asked to. A repository with one odd file may warn a thousand times, so
 * warnings of one kind, which differ in names and numbers only, are told once and counted.
 */
import type { GitWarning } from "../../services/Git.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { showable } from "../../services/text/showable.ts"

/** So many kinds are told; further ones only count. */
const mostKinds = 20

/** UTF-16 units of a warning. */
const mostLength = 300

/** One list for the thread: whoever asks git something does not pass on what it says besides. */
const heard = new Map<string, { readonly text: string; count: number }>()

const further = "git warned of further things"

/** Keeps a warning, on one line. */
export const hear = (text: string, count = 1): void => {
  const kind = kindOf(text)
  const known = heard.get(kind) ?? (heard.size < mostKinds ? undefined : heard.get(further))
  if (known !== undefined) {
    known.count += count
    return
  }
  const isRoom = heard.size < mostKinds
  const line = holdsSecret(text) ? "git warned of something that holds a secret" : oneLine(text)
  heard.set(isRoom ? kind : further, {
    text: isRoom ? line : further,
    count
  })
}

const oneLine = (text: string): string => {
  const line = showable(text.trim().replace(/\s+/g, " "))
  return line.length > mostLength ? `${line.slice(0, mostLength)}…` : line
}

/** Gives what was heard since the last call, and forgets it. */
export const takeWarnings = (): ReadonlyArray<GitWarning> => {
  const warnings = [...heard.values()]
  heard.clear()
  return warnings
}

/** What is the same in warnings of one kind: the text without names, paths and numbers. */
const kindOf = (text: string): string => text.replace(/'[^']*'|"[^"]*"|\S*\/\S*|\b[\da-f]{7,}\b|\d+/g, "…")

/** What git says that needs no telling: advice for those who type its commands, and what we see to ourselves. */
const isKnown = (line: string): boolean =>
  line.trim() === "" || line.startsWith("hint:") || /renamelimit|rename detection was skipped/i.test(line)

/** Of what another machine says, only this is a warning. */
const isWarning = (line: string): boolean => /^(?:remote: )?(?:warning|error)\b/i.test(line)

/**
 * Hears the lines of a process as they come; `isReaching` for one that speaks to another machine. What it says before it
 * fails is its failure, and not a warning.
 */
export const listenForWarnings = (isReaching = false) => {
  const isTold = (line: string): boolean => !isKnown(line) && (!isReaching || isWarning(line))
  let rest = ""
  let held: Array<string> = []

  return {
    take: (text: string): void => {
      const lines = (rest + text).split(isReaching ? /[\r\n]/ : "\n")
      rest = (lines.pop() ?? "").slice(-10 * mostLength)
      for (const line of lines) if (isTold(line) && held.length < mostKept) held.push(line)
    },
    /** The process did what it was asked to. */
    succeeded: (): void => {
      if (isTold(rest)) held.push(rest)
      for (const line of held) hear(`git says: ${line.replace(/^warning: /, "")}`)
      held = []
      rest = ""
    }
  }
}

/** Lines of one process that are kept. */
const mostKept = 1000
