/** Texts as sequences of characters that take one unit each, so that a length counts what a reader would count. */

/**
 * Returns two texts with a unit for each character. They stay as they are unless one has characters of two units; then
 * each character is replaced by a stand-in, the same in both.
 */
export const inSingleUnits = (left: string, right: string): readonly [left: string, right: string] => {
  if (!/[\ud800-\udfff]/.test(left) && !/[\ud800-\udfff]/.test(right)) return [left, right]
  const standIns = new Map<string, string>()
  const replaced = (text: string): string => {
    let single = ""
    for (const character of text) {
      const standIn = standIns.get(character) ?? String.fromCharCode(standIns.size)
      standIns.set(character, standIn)
      single += standIn
    }
    return single
  }
  return [replaced(left), replaced(right)]
}

/** Returns how many characters a text has. */
export const countCharacters = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}
