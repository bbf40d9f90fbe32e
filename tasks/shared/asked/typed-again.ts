/** What would be typed to get recorded settings again: the way back from `settingsIn`. */
import { type Declaration, flagOf, flagsIn, isRecorded, type Question, settingName } from "./asked.ts"

/**
 * Returns flags and values, each a text of its own, that give a task these settings; what is the default anyway is left
 * out. Of a file or folder only the content is recorded: its placeholder, such as FILE, stands for the path.
 */
export const flagsFor = (
  declaration: Declaration,
  settings: Readonly<Record<string, unknown>>
): ReadonlyArray<string> =>
  flagsIn(declaration).flatMap(([key, question]) => {
    const value = settings[settingName(key, question)]
    return isRecorded(question) && isSaid(question, value)
      ? [flagOf(key, question), ...valuesFor(question, value)]
      : []
  })

const isSaid = ({ default: fallback, kind }: Question<unknown>, value: unknown): boolean => {
  if (value === undefined || JSON.stringify(value) === JSON.stringify(fallback)) return false
  // Null and false stand for what was not asked for, except where they are values themselves.
  const isValue: boolean = kind.is(value)
  return value === null || value === false ? isValue && fallback !== undefined : true
}

const valuesFor = ({ kind }: Question<unknown>, value: unknown): ReadonlyArray<string> => {
  if (kind.placeholder === "") return []
  return kind.completes === undefined ? [kind.show(value)] : [kind.placeholder]
}

/** Returns words as they are typed in a shell, those in quotes that need it. */
export const typedInShell = (words: ReadonlyArray<string>): string =>
  words.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ")
