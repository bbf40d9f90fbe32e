/** Finds the long words of a text, those that may be tokens, without looking at most of its characters. */

/** The shortest word that is long. */
const shortest = 16

/** 1 for the characters that words are made of. Tokens and base64 have marks between letters. */
const inWord = new Uint8Array(0x10000)
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+~") {
  inWord[character.charCodeAt(0)] = 1
}

/**
 * Returns what `look` makes of the first word of 16 characters or more that it makes something of. Every sixteenth
 * character is enough to meet each of them.
 */
export const inLongWords = <A>(text: string, look: (start: number, end: number) => A | undefined): A | undefined => {
  let at = shortest - 1
  while (at < text.length) {
    if (inWord[text.charCodeAt(at)] === 0) {
      at += shortest
      continue
    }
    let start = at
    while (start > 0 && inWord[text.charCodeAt(start - 1)] === 1) start--
    let end = at + 1
    while (end < text.length && inWord[text.charCodeAt(end)] === 1) end++
    const made = end - start < shortest ? undefined : look(start, end)
    if (made !== undefined) return made
    at = end + shortest
  }
  return undefined
}
