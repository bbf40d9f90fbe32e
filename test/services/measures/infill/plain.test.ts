/** The measures against plain second implementations, on 10,000 random pairs of texts. */
import { assert, describe, it } from "@effect/vitest"
import { isFirstLineRight, prefixShare } from "../../../../services/measures/infill/acceptance.ts"
import { chrf } from "../../../../services/measures/infill/chrf.ts"
import { difflibSimilarity } from "../../../../services/measures/infill/difflib.ts"
import { editSimilarity, levenshteinSimilarity } from "../../../../services/measures/infill/edit-similarity.ts"
import {
  isExact,
  isExactByLines,
  isExactBySymbols,
  isExactByWords
} from "../../../../services/measures/infill/exact-match.ts"
import { identifierF1 } from "../../../../services/measures/infill/identifiers.ts"
import { cutToGoldLines } from "../../../../services/measures/infill/line-cut.ts"
import { passAtK } from "../../../../services/measures/infill/pass-at-k.ts"
import { stoppingOf, stoppings } from "../../../../services/measures/infill/stopping.ts"
import { type Random, randomOf } from "../../../../services/text/random.ts"
import * as plain from "./plain.ts"

const pairs = 10_000
const pieces = [
  ..."ab(), =.\n",
  "  ",
  "\n\n",
  "self",
  ".items",
  "getValue",
  " + ",
  "return ",
  "if ",
  "\"s\"",
  "'t\\'u'",
  "# no\n",
  "// no\n",
  "é",
  "😀",
  "1",
  "_x",
  "\t"
]

const drawText = (random: Random, length: number): string =>
  Array.from({ length: random.below(length) }, () => random.pick(pieces) ?? "").join("")

/** Two texts that are alike more often than chance would have it. */
const drawPair = (random: Random): readonly [gold: string, answer: string] => {
  const gold = drawText(random, 14)
  switch (random.below(6)) {
    case 0:
      return [gold, drawText(random, 14)]
    case 1:
      return [gold, `${gold}${drawText(random, 4)}`]
    case 2:
      return [gold, gold.slice(0, random.below(gold.length + 1)).replace(/[\ud800-\udbff]$/, "")]
    case 3:
      return [gold, gold.replaceAll(" ", random.pick(["", "  ", "\n", "\t"]) ?? "")]
    case 4:
      return [gold, [...gold].map((one) => (random.below(8) === 0 ? random.pick(pieces) ?? "" : one)).join("")]
    default:
      // Long enough for difflib to be blind.
      return random.below(20) === 0
        ? [drawText(random, 400), drawText(random, 400)]
        : [`${drawText(random, 4)}${gold}`, `${gold}${drawText(random, 4)}`]
  }
}

describe("every measure is what a plain implementation says", () => {
  const random = randomOf("measures of infills")
  const drawn = Array.from({ length: pairs }, () => drawPair(random))

  it.each<[string, (gold: string, answer: string) => unknown, (gold: string, answer: string) => unknown]>([
    ["exact", isExact, plain.exact],
    ["exact by lines", isExactByLines, plain.exactByLines],
    ["exact by words", isExactByWords, plain.exactByWords],
    ["exact by symbols", isExactBySymbols, plain.exactBySymbols],
    ["edit similarity", editSimilarity, plain.similarityByCommon],
    ["Levenshtein's similarity", levenshteinSimilarity, plain.similarityByDistance],
    ["difflib's similarity", (gold, answer) => difflibSimilarity(answer, gold), plain.similarityByBlocks],
    ["chrF", chrf, plain.chrf],
    ["F1 of identifiers", (gold, answer) => identifierF1(gold, answer, "python"), plain.identifierF1],
    ["first line", isFirstLineRight, plain.firstLine],
    ["share of the prefix", prefixShare, plain.prefixShare],
    ["stopping", (gold, answer) => stoppingOf(gold, answer, ")\nself.items"), plain.stopping],
    ["cut to lines", cutToGoldLines, plain.cutToGoldLines]
  ])("%s", (_, measure, second) => {
    const seen = new Set<unknown>()
    for (const [gold, answer] of drawn) {
      const [value, expected] = [measure(gold, answer), second(gold, answer)]
      seen.add(expected)
      const isSame = typeof value === "number" && typeof expected === "number"
        ? Math.abs(value - expected) < 1e-9
        : value === expected
      if (!isSame) assert.deepStrictEqual({ gold, answer, value }, { gold, answer, value: expected })
    }
    assert.isAbove(seen.size, 1)
  }, 60_000)

  it("an answer that is right is right when it is cut", () => {
    const blank = ["", " ", "\n", "  \n\n", "\t\n "]
    for (const [gold] of drawn) {
      for (const around of blank) {
        for (const answer of [around + gold, gold + around, around + gold.trim() + around]) {
          if (isExact(gold, answer)) {
            assert.isTrue(isExact(gold, cutToGoldLines(gold, answer)), JSON.stringify([gold, answer]))
          }
        }
      }
    }
  })

  it("draws every way to stop", () => {
    const seen = new Set(drawn.map(([gold, answer]) => stoppingOf(gold, answer, ")\nself.items")))
    assert.sameMembers([...seen], [...stoppings])
  })

  it("pass@k, for all numbers up to 12", () => {
    for (let answers = 1; answers <= 12; answers++) {
      for (let right = 0; right <= answers; right++) {
        for (let k = 1; k <= answers; k++) {
          assert.closeTo(passAtK({ answers, right, k }) ?? NaN, plain.passAtK(answers, right, k), 1e-12)
        }
      }
    }
  })
})
