/** Whether a file still parses with an answer in it. */

/** What stands around a gap. */
export interface Gap {
  readonly prefix: string
  readonly suffix: string
}

/**
 * Whether the file has no more errors with the answer than with the right one; a file that is broken elsewhere is no
 * fault of the answer. `countErrors` tells how many errors the syntax of a text has.
 */
export const isParsedAsWell = (
  { prefix, suffix }: Gap,
  gold: string,
  answer: string,
  countErrors: (text: string) => number
): boolean => countErrors(prefix + answer + suffix) <= countErrors(prefix + gold + suffix)
