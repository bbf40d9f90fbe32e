/** What became of a text after keystrokes, and whether it is the wanted one. */

/** How an attempt ended. `keystrokes` and `millis`, from the first key until Vim was at rest, are there in any case. */
export type Outcome = {
  readonly keystrokes: number
  readonly millis: number
} & Ending

/** The ways in which an attempt can end. */
export type Ending =
  /** Vim waits for the next key. */
  | {
    readonly _tag: "finished"
    /** The buffer as it would be written. */
    readonly text: string
    /** Vim's `mode(1)`: "n", "i", "no" when an operator waits for its motion, "r" at a prompt, and so on. */
    readonly mode: string
    /** The cursor: line and column count from 1, the column in bytes, as Vim counts. */
    readonly line: number
    readonly column: number
  }
  /** Vim is gone, as after ":wq"; the text is what the file holds. */
  | { readonly _tag: "left"; readonly text: string }
  /** Vim was still busy when the time was up. */
  | { readonly _tag: "timed out" }
  /** Vim used more than it may, or started programs. */
  | { readonly _tag: "killed"; readonly reason: "memory" | "output" | "processes" }
  /** Vim broke, or its report was not one that it could have given. */
  | { readonly _tag: "crashed"; readonly detail: string }

/** Returns the text that an attempt left behind, or undefined when it left none. */
export const textAfter = (outcome: Ending): string | undefined =>
  outcome._tag === "finished" || outcome._tag === "left" ? outcome.text : undefined

/** Whether a text can be all of a file: it is empty, or its last line has its end. */
const isWholeFile = (text: string): boolean => text === "" || text.endsWith("\n")

const withoutFinalNewline = (text: string): string =>
  text.endsWith("\r\n") ? text.slice(0, -2) : text.endsWith("\n") ? text.slice(0, -1) : text

/**
 * Whether two texts are the same. A final newline counts only between two whole files, because Vim adds one to every
 * file that it writes.
 *
 * @example
 * isSameText("a\nb\n", "a\nb") // true
 */
export const isSameText = (text: string, target: string): boolean =>
  text === target ||
  (!(isWholeFile(text) && isWholeFile(target)) && withoutFinalNewline(text) === withoutFinalNewline(target))

/**
 * Whether an attempt did all of an edit: it ended with the wanted text, and with Vim either gone or ready for the next
 * command.
 */
export const isDone = (outcome: Ending, target: string): boolean =>
  isSolved(outcome, target) && (outcome._tag === "left" || (outcome._tag === "finished" && outcome.mode === "n"))

/** Whether an attempt ended with the wanted text. */
export const isSolved = (outcome: Ending, target: string): boolean => {
  const text = textAfter(outcome)
  return text !== undefined && isSameText(text, target)
}
