/**
 * Names the licence of a text by the SPDX texts: that with which it shares the most pairs of words, if it shares nearly
 * all. A licence that nobody is told of is better than a wrong one.
 */
import { mixed, wordsOf } from "./words.ts"

/** A licence and its text. */
export interface LicenceText {
  readonly name: string
  readonly text: string
}

/** Knows licences by their texts. */
export interface LicenceTexts {
  /** Returns the SPDX name of the licence that a text is, or undefined where it is none that is known for certain. */
  readonly nameOf: (text: string) => string | undefined
}

/**
 * The least share of pairs of words in common (Sørensen and Dice). With Apache-2.0, the licence whose copies differ most,
 * copies have 0.97 and more; a BSD licence with a clause of somebody's own has 0.93.
 */
const leastShare = 0.95

/**
 * So many pairs of words that the licence has not may stand beside it, such as in a title, or this share of its own where
 * that is more: beyond, they are another licence, or tell for what this one holds.
 */
const mostBeside = 15
const mostShareBeside = 0.02

/**
 * What a text may say only if its licence says so too, or is called so: conditions, and names of other licences. Few words
 * make another licence of it.
 */
const conditions =
  /commons clause|machine learning|training data|artificial intelligence|large language model|non-?commercial|competing|not for (?:evil|military)|good, not evil|source.available|dual.licen[cs]ed|\b(?:mit|bsd|apache|[al]?gpl|mozilla|cc.by)(?:v?\d\S*)?\b/gi

/** Behind this, licences tell how they are to be used. */
const endOfTerms = /end of terms and conditions[^]*/i

/**
 * Makes a namer. Of the GPL and its relatives the text does not tell whether later versions may be chosen, so that they
 * are named without "-only" and "-or-later", as in "GPL-3.0".
 */
export const makeLicenceTexts = (texts: ReadonlyArray<LicenceText>): LicenceTexts => {
  const known = new Set(texts.map(({ name }) => name))
  const licences = texts.filter(({ name }) => !isOtherName(name, known)).map(({ name, text }) => ({
    name,
    pairs: pairsOf(termsOf(text)),
    whole: pairsOf(text),
    says: new Set(conditionsIn(text))
  }))
  const holders = new Map<number, Array<number>>()
  for (const [number, { pairs }] of licences.entries()) {
    for (const pair of pairs) {
      const list = holders.get(pair)
      if (list === undefined) holders.set(pair, [number])
      else list.push(number)
    }
  }
  return {
    nameOf: (text) => {
      const pairs = pairsOf(termsOf(text))
      const shared = new Uint32Array(licences.length)
      for (const pair of pairs) for (const number of holders.get(pair) ?? []) shared[number] = (shared[number] ?? 0) + 1
      const [best, second] = licences.map(({ name, pairs: own, says, whole }, number) => ({
        name,
        says,
        whole,
        share: 2 * (shared[number] ?? 0) / Math.max(1, pairs.size + own.size)
      })).sort((a, b) => b.share - a.share || a.name.length - b.name.length)
      if (best === undefined || best.share < leastShare) return undefined
      // A name that goes on from another one has its text, and a condition that stands elsewhere.
      if (best.share === second?.share && !second.name.startsWith(`${best.name}-`)) return undefined
      const beside = [...pairsOf(text)].filter((pair) => !best.whole.has(pair)).length
      if (beside > Math.max(mostBeside, mostShareBeside * best.whole.size)) return undefined
      const isOwn = (said: string) => best.says.has(said) || best.name.toLowerCase().includes(said)
      return conditionsIn(text).every(isOwn) ? best.name : undefined
    }
  }
}

/** Whether a name says more than the text can tell, or less than its own text. */
const isOtherName = (name: string, known: ReadonlySet<string>): boolean => {
  const plain = name.replace(/(?:-only|-or-later|\+)$/, "")
  return plain !== name && known.has(plain) || /^L?GPL-.*-with-/.test(name)
}

const termsOf = (text: string): string => text.replace(endOfTerms, "")

const conditionsIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(conditions)].map(([condition]) => condition.toLowerCase())

/** A line, in lower case, that says whose the work is; sentences of licences speak of copyright in other words. */
const ownerLine =
  /^.*(?:copyright (?:\(c\)|©|[\d<[{])|\(c\) \d|©).*$|^[^a-z\d\n]*copyright (?!notice|holder|owner|law|licen|statement|interest|permission|(?:and|or|to|in|of|is|on|has)\b).*$/gm

/** Pairs of words that follow each other; lines that say whose the work is are not of the licence. */
const pairsOf = (text: string): ReadonlySet<number> => {
  const { count, hashes } = wordsOf(
    text.toLowerCase().replace(/[“”‘’„«»·•]/g, " ").replace(ownerLine, "")
      // The text of SPDX names ISC where copies name the author.
      .replace(/\bisc\b/g, "the author")
  )
  const pairs = new Set<number>()
  for (let at = 1; at < count; at++) pairs.add(mixed(Math.imul(hashes[at - 1] ?? 0, 31) + (hashes[at] ?? 0)))
  return pairs
}
