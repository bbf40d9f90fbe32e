/** How often each short sequence of characters stands in a text: what chrF and its variants compare. */

/** How often each sequence stands in a text. */
export type SequenceCounts = ReadonlyMap<string, number>

/** Returns the counts of the sequences of a length. */
export const countsOf = (characters: ReadonlyArray<string>, length: number): SequenceCounts => {
  const counts = new Map<string, number>()
  for (let at = 0; at + length <= characters.length; at++) {
    const sequence = characters.slice(at, at + length).join("")
    counts.set(sequence, (counts.get(sequence) ?? 0) + 1)
  }
  return counts
}
