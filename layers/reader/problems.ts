/** Why a file gives no rows, before it is known which file it was. */
import { CannotReadRows } from "../../services/Reader.ts"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"

/** What is wrong with the bytes of an input, in words for its reader. Thrown within this room and told as CannotReadRows. */
export class UnreadableBytes extends Error {}

/** Returns what is said of a path that cannot be read. */
export const cannotRead = (path: string) => (cause: unknown): CannotReadRows => {
  if (cause instanceof CannotReadRows) return cause
  const isMissing = systemCode(cause) === "ENOENT"
  const detail = cause instanceof UnreadableBytes
    ? cause.message
    : isMissing
    ? "there is no such file"
    : systemWords(cause)
  return new CannotReadRows({ path, detail, isMissing })
}
