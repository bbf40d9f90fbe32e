/**
 * Whether an answer is the right one, as the benchmarks define it. They differ in what white space and quotes may do, so
 * a figure says nothing without the name of its definition.
 */

/** Whether both texts are the same but for white space at their ends: santacoder-fim, and our own. */
export const isExact = (gold: string, answer: string): boolean => gold.trim() === answer.trim()

/** Whether both have the same lines, where blank ones and indentation do not count: CrossCodeEval. */
export const isExactByLines = (gold: string, answer: string): boolean => isSame(inkedLines(gold), inkedLines(answer))

/** Whether both have the same words between white space: RepoBench. */
export const isExactByWords = (gold: string, answer: string): boolean => isSame(words(gold), words(answer))

/**
 * Whether both have the same words once symbols stand alone, camelCase is split, and all quotes are alike: the bench of
 * Qwen's coder models. `fooBar` and `foo Bar` are the same here.
 */
export const isExactBySymbols = (gold: string, answer: string): boolean => isSame(symbols(gold), symbols(answer))

const inkedLines = (text: string): ReadonlyArray<string> =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "")

const words = (text: string): ReadonlyArray<string> => text.split(/\s+/).filter((word) => word !== "")

const symbols = (text: string): ReadonlyArray<string> =>
  words(text.replace(/[^A-Za-z0-9_]/g, " $& ").replace(/([a-z])([A-Z])/g, "$1 $2").replace(/["']/g, "`"))

const isSame = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.length === right.length && left.every((part, at) => part === right[at])
