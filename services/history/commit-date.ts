/** When commits were made, in words. */

/**
 * Returns a commit's date in ISO 8601, in Greenwich; "" for one that no calendar has, since a commit may claim any.
 *
 * @example
 * dateOfCommit(1714979289) // "2024-05-06T07:08:09Z"
 */
export const dateOfCommit = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(/\.\d+Z$/, "Z")
}
