/**
 * Halves of surrogate pairs. JSON can say them, but no UTF-8 has them, and what loads datasets refuses a whole file for
 * the sake of one.
 */

/** An escape that stands for half a pair, as JSON.stringify writes it, or a backslash that stands for itself. */
const escape = /\\\\|\\ud[89a-f][0-9a-f]{2}/g

/** Whether a text holds half a surrogate pair. */
export const isIllFormed = (text: string): boolean => /\p{Surrogate}/u.test(text)

/**
 * Returns a text with U+FFFD for each half of a pair.
 *
 * @example
 * wellFormed("a\ud800b") // "a\ufffdb"
 */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd")

/** Returns what JSON.stringify gave with U+FFFD for each half of a pair, in keys as well. */
export const wellFormedJson = (json: string): string =>
  json.includes("\\ud") ? json.replace(escape, (found) => (found === "\\\\" ? found : "\ufffd")) : json

/** Whether what JSON.stringify gave holds half a surrogate pair, in keys as well. */
export const isIllFormedJson = (json: string): boolean => wellFormedJson(json) !== json
