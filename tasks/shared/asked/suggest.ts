/** The word that somebody meant who mistyped it. */
import { distance } from "fastest-levenshtein"

/** Returns the nearest of the names, or undefined when none is near enough to be meant. */
export const nearest = (word: string, names: ReadonlyArray<string>): string | undefined => {
  const most = Math.max(1, Math.floor(word.length / 3))
  const ranked = names.map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
  const [first] = ranked
  return first !== undefined && first.away <= most ? first.name : undefined
}

/** The sentence "did you mean …?" with a space before it, or nothing. */
export const didYouMean = (word: string, names: ReadonlyArray<string>): string => {
  const name = nearest(word, names)
  return name === undefined ? "" : `; did you mean ${name}?`
}
