/**
 * How deep a parsed row may nest. JSON.parse takes any depth, but all that looks at its value afterwards calls itself
 * for each level.
 */

/** A row that people or programs mean something by has fewer levels of arrays and objects. */
const mostLevels = 200

/**
 * Whether a value has more levels of arrays and objects than that. Linear in the value, however deep it is.
 *
 * @example
 * isNestedDeeper([[1]], 1) // true
 */
export const isNestedDeeper = (value: unknown, levels = mostLevels): boolean => {
  let level: Array<object> = []
  const add = (part: unknown, to: Array<object>): void => {
    if (typeof part === "object" && part !== null && !ArrayBuffer.isView(part)) to.push(part)
  }
  add(value, level)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= levels) return true
    const next: Array<object> = []
    for (const holder of level) for (const part of partsOf(holder)) add(part, next)
    level = next
  }
  return false
}

const partsOf = (holder: object): ReadonlyArray<unknown> => (Array.isArray(holder) ? holder : Object.values(holder))
