/** What speaks for a definition as something that is wanted at the cursor, and how much that weighs. */

/** What speaks for a definition; each figure starts at 0. */
export interface Evidence {
  /** The file imports it: by name (1), or along with everything in its file (less). */
  imported: number
  /** It belongs to a type that is imported or used here; the nearer that type stands, the more. */
  member: number
  /** It belongs to a type that the type around the cursor is made from. */
  inherited: number
  /** It belongs to what stands before the ".", "->" or "::" at the cursor: more than half where a type says so. */
  received: number
  /** Its name stands near the cursor. */
  near: number
  /** Its name stands in chunks like the code at the cursor. */
  mentioned: number
  /** Its file needs no import here, or lies in the same directory. */
  neighbour: number
  /** Share of its words that stand near the cursor. */
  overlap: number
}

/** Where nothing speaks for a definition. */
export const nothing: Evidence = {
  imported: 0,
  member: 0,
  inherited: 0,
  received: 0,
  near: 0,
  mentioned: 0,
  neighbour: 0,
  overlap: 0
}

/** A definition of a lower score would merely fill the room. */
export const leastScore = 0.6

/** Whether a declaration says that it belongs to what stands before the cursor. */
export const isReceived = ({ received }: Evidence): boolean => received > 0.5

const saturate = (value: number, half: number): number => value / (value + half)

/** Returns the weight of all that speaks for a definition. */
export const scoreOf = (evidence: Evidence): number =>
  1.5 * evidence.imported + 1 * evidence.member + 1 * evidence.inherited + 3 * evidence.received +
  2.5 * saturate(evidence.near, 0.5) + 2 * saturate(evidence.mentioned, 0.7) + 0.3 * evidence.neighbour +
  0.6 * evidence.overlap
