/**
 * Which solved edits a model is shown for one that is not: the most alike first, the shorter of equals, and none that
 * says what another one says already (maximal marginal relevance, Carbonell and Goldstein 1998).
 */
import { lineDiff } from "../../services/text/diff.ts"
import { editId } from "../../services/edits/edit-id.ts"
import type { Edit, SolvedEdit } from "../../services/Predictor.ts"

export interface RollIn {
  /** Returns up to `count` examples; the most alike is the last one, next to the question. */
  readonly choose: (edit: Edit, count: number) => ReadonlyArray<SolvedEdit>
}

/** Texts of one example, in UTF-16 units at the most: a prompt has room for several. */
const longestExample = 4000
/** So many of the most alike are looked at one against another. */
const shortlist = 32
/** How much of likeness to the question likeness to an example takes away. */
const redundancy = 0.5
/** A feature that so many examples have tells nothing apart, and costs most of the time. */
const commonest = 2000

const noFeatures: ReadonlySet<string> = new Set()

export const makeRollIn = (solved: ReadonlyArray<SolvedEdit>): RollIn => {
  const examples = solved
    .filter(({ source, target }) => source.length + target.length <= longestExample)
    .map((example) => ({ example, id: editId(example), features: featuresOf(example) }))
  const holders = new Map<string, Array<number>>()
  for (const [index, { features }] of examples.entries()) {
    for (const feature of features) {
      const known = holders.get(feature)
      if (known === undefined) holders.set(feature, [index])
      else known.push(index)
    }
  }
  const weightOf = (feature: string): number =>
    Math.log(1 + examples.length / (holders.get(feature)?.length ?? examples.length))
  const normOf = (features: ReadonlySet<string>): number =>
    Math.sqrt([...features].reduce((sum, feature) => sum + weightOf(feature) ** 2, 0)) || 1
  const norms = examples.map(({ features }) => normOf(features))
  const likeness = (a: number, b: number): number => {
    const [one, other] = [examples[a]?.features ?? noFeatures, examples[b]?.features ?? noFeatures]
    let sum = 0
    for (const feature of one) if (other.has(feature)) sum += weightOf(feature) ** 2
    return sum / ((norms[a] ?? 1) * (norms[b] ?? 1))
  }

  const choose: RollIn["choose"] = (edit, count) => {
    if (count <= 0 || examples.length === 0) return []
    const features = featuresOf(edit)
    const scores = new Map<number, number>()
    for (const feature of features) {
      const known = holders.get(feature) ?? []
      if (known.length > commonest) continue
      const weight = weightOf(feature) ** 2
      for (const index of known) scores.set(index, (scores.get(index) ?? 0) + weight)
    }
    // Where nothing is alike, the shortest show what an answer looks like.
    if (scores.size < count) { for (const index of examples.keys()) if (!scores.has(index)) scores.set(index, 0) }
    const norm = normOf(features)
    const id = editId(edit)
    const keysOf = (index: number) => examples[index]?.example.keys.length ?? 0
    const candidates = [...scores]
      .filter(([index]) => examples[index]?.id !== id)
      .map(([index, score]) => ({ index, score: score / (norm * (norms[index] ?? 1)) }))
      .toSorted((a, b) => b.score - a.score || keysOf(a.index) - keysOf(b.index) || a.index - b.index)
      .slice(0, shortlist)
    const chosen: Array<number> = []
    while (chosen.length < count && candidates.length > 0) {
      let best = 0
      let bestWorth = -Infinity
      for (const [at, { index, score }] of candidates.entries()) {
        const worth = score - redundancy * Math.max(0, ...chosen.map((other) => likeness(index, other)))
        if (worth > bestWorth) {
          best = at
          bestWorth = worth
        }
      }
      for (const { index } of candidates.splice(best, 1)) chosen.push(index)
    }
    return chosen.toReversed().flatMap((index) => examples[index]?.example ?? [])
  }
  return { choose }
}

/** What an edit is like: the words that go and come, and the language they are in. */
const featuresOf = ({ language, source, target }: Edit): ReadonlySet<string> => {
  const features = new Set<string>([`language ${language ?? ""}`])
  for (const { new: added, old } of lineDiff(source, target)) {
    const gone = wordsOf(source.slice(old.start, old.end))
    const come = wordsOf(target.slice(added.start, added.end))
    // Words that stay on a changed line are what the line is about, not what is done to it.
    for (const word of gone) features.add(come.has(word) ? `= ${word}` : `- ${word}`)
    for (const word of come) if (!gone.has(word)) features.add(`+ ${word}`)
    const [before, after] = [source.slice(old.start, old.end), target.slice(added.start, added.end)]
      .map((text) => text.split("\n").length)
    features.add(`lines ${Math.min(before ?? 0, 5)} to ${Math.min(after ?? 0, 5)}`)
  }
  return features
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [])
