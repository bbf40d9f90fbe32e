/** Values of measures that were worked out elsewhere: by the tools that define them, or by hand. */
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
import { identifierF1, identifiersIn } from "../../../../services/measures/infill/identifiers.ts"
import { lengthOfText } from "../../../../services/measures/infill/lengths.ts"
import { cutToGoldLines } from "../../../../services/measures/infill/line-cut.ts"
import { isParsedAsWell } from "../../../../services/measures/infill/parses.ts"
import { passAtK } from "../../../../services/measures/infill/pass-at-k.ts"
import { perplexityOfCharacter } from "../../../../services/measures/infill/perplexity.ts"
import { stoppingOf } from "../../../../services/measures/infill/stopping.ts"

const rounded = (value: number | null, digits: number) => Number((value ?? NaN).toFixed(digits))

describe("exact match", () => {
  it.each([
    ["white space at the ends", "return a\n", " return a", [true, true, true, true]],
    ["quotes, and a name in two words", "print(\"fooBar\")", "print('foo Bar')", [false, false, false, true]],
    ["other indentation", "if a:\n        b()", "if a:\n    b()\n", [false, true, true, true]],
    ["another name", "return a", "return b", [false, false, false, false]],
    ["a blank between symbols", "f(a,b)", "f(a, b)", [false, false, false, true]],
    ["a line that is broken", "f(a, b)", "f(a,\nb)", [false, false, true, true]],
    ["nothing", "", " \n", [true, true, true, true]]
  ])("forgives %s as its definition says", (_, gold, answer, expected) => {
    assert.deepStrictEqual(
      [isExact, isExactByLines, isExactByWords, isExactBySymbols].map((isRight) => isRight(gold, answer)),
      expected
    )
  })
})

describe("edit similarity", () => {
  // rapidfuzz 3.14 for the first two, Python 3.11's difflib for the third.
  it.each([
    ["hello", "helloo", [90.9, 83.3, 91]],
    ["foo(x, y)", "foo(a, b)", [77.8, 77.8, 78]],
    ["return c", "b.count = 2", [31.6, 18.2, 11]],
    ["return self.items", "self.items = []", [62.5, 29.4, 62]],
    ["e😀 = 1", "é😀 = 1", [83.3, 83.3, 83]],
    [`x${"a".repeat(250)}`, `y${"a".repeat(250)}`, [99.6, 99.6, 0]],
    [`${"a".repeat(250)}x`, `${"a".repeat(250)}y`, [99.6, 99.6, 100]],
    ["\n", "", [100, 100, 100]],
    ["a", "", [0, 0, 0]]
  ])("of %j and %j", (gold, answer, expected) => {
    assert.deepStrictEqual(
      [
        rounded(editSimilarity(gold, answer), 1),
        rounded(levenshteinSimilarity(gold, answer), 1),
        difflibSimilarity(answer, gold)
      ],
      expected
    )
  })

  it("of difflib depends on which text comes first", () => {
    assert.deepStrictEqual(
      [difflibSimilarity("b.count = 2", "return c"), difflibSimilarity("return c", "b.count = 2")],
      [
        11,
        21
      ]
    )
  })
})

describe("chrF", () => {
  // sacreBLEU 2.6.
  it.each([
    ["x = 1", "x  =  1", 100],
    ["total = 0 + bar", "count = val + sum", 10.4],
    ["return a", "return", 77.6],
    ["return max(a, b)", "return min(a, b)", 57.7],
    ["e😀 = 1", "é😀 = 1", 47.9],
    ["a", "", 0],
    ["a", "a", 100]
  ])("of %j and %j", (gold, answer, expected) => {
    assert.strictEqual(rounded(chrf(gold, answer), 1), expected)
  })
})

describe("identifiers", () => {
  it.each([
    ["return total", "return total + count", "python", 0.67],
    ["self.items.append(key)", "self.items.append(key) # keep it", "python", 1],
    ["a.load(path)", "a.save(path) // a \"b\"", "typescript", 0.67],
    ["x = 'name'", "y = \"x\"", "python", 0],
    ["1 + 2", "1 + 2", "python", 0],
    ["if", "if", "rust", 0],
    ["if", "if", "nothing that is known", 1]
  ])("of %j and %j in %s", (gold, answer, language, expected) => {
    assert.strictEqual(rounded(identifierF1(gold, answer, language), 2), expected)
  })

  it("are words without strings, comments and keywords", () => {
    const text = "for n in rows: total += n // 2 # and 'more'\n_x1 = f(\"a \\\" b\", 'c', été, 9a, True)"
    assert.deepStrictEqual([...identifiersIn(text, "python")], ["n", "rows", "total", "_x1", "f", "True"])
  })
})

describe("likelihood and chance", () => {
  it.each([[-0.583, 10, 1.06], [-23, 10, 9.97], [0, 4, 1], [0, 0, NaN]])(
    "a character of a text with log probability %d and %d characters",
    (logProbability, characters, expected) => {
      assert.deepStrictEqual(rounded(perplexityOfCharacter(logProbability, characters), 2), expected)
    }
  )

  it.each([[10, 3, 1, 0.3], [10, 3, 5, 0.92], [4, 2, 3, 1], [5, 0, 5, 0], [3, 1, 4, NaN], [3, 1, 0, NaN]])(
    "of %d answers, %d right, %d drawn",
    (answers, right, k, expected) => {
      assert.deepStrictEqual(rounded(passAtK({ answers, right, k }), 2), expected)
    }
  )
})

describe("stopping", () => {
  const suffix = "\n    print(a)\n    return b\n"
  it.each([
    ["exact", "a = f(1)", "a = f(1)\n"],
    ["echo", "a = f(1)", "a = f(1)\n    print(a)\n    return b\n"],
    ["echo", "a = f(1)", "a = f(1)\n    pri"],
    ["echo", "a = f(1)", "a = f(1)\n    print(a)\nx = 2"],
    ["over", "a = f(1)", "a = f(1)\n    x = 2"],
    ["under", "a = f(1)", "a = "],
    ["under", "maximum", "max"],
    ["different", "max", "maximum"],
    ["different", "a = f(1)", "b = f(1)"],
    ["empty", "a = f(1)", " \n"],
    ["over", "", "a = f(1)"],
    ["exact", "", ""]
  ])("%s: %j is answered with %j", (expected, gold, answer) => {
    assert.strictEqual(stoppingOf(gold, answer, suffix), expected)
  })

  it("at the end of a file has nothing to echo", () => {
    assert.strictEqual(stoppingOf("a", "a\nb", "\n"), "over")
  })
})

describe("what a person would take", () => {
  it.each([
    ["a = 1\nb = 2", "  a = 1  \nc = 3", true],
    ["a = 1\nb = 2", "a = 2\nb = 2", false],
    ["\n\n  a = 1", "a = 1", true],
    ["a", "", false]
  ])("the first line of %j as %j", (gold, answer, expected) => {
    assert.strictEqual(isFirstLineRight(gold, answer), expected)
  })

  it.each([["return self.items", "return sel = []", 0.59], ["a = 1", "a =", 0.6], ["a", "b", 0], ["", "", 1], [
    "",
    "a",
    0
  ]])(
    "how far %j goes along with %j",
    (gold, answer, expected) => assert.strictEqual(rounded(prefixShare(gold, answer), 2), expected)
  )
})

describe("a file with an answer", () => {
  // Brackets that are not closed, or closed twice.
  const countErrors = (text: string) => {
    let [open, wrong] = [0, 0]
    for (const character of text) {
      if (character === "(") open++
      if (character === ")" && open-- === 0) [open, wrong] = [0, wrong + 1]
    }
    return open + wrong
  }

  it.each([["f(", "a)", "b)", true], ["f(", "a)", "b", false], ["f((", "a)", "b)", true], ["f(", "a", "b)", true]])(
    "from %j on, with %j in place, parses with %j as well: %s",
    (prefix, gold, answer, expected) => {
      assert.strictEqual(isParsedAsWell({ prefix, suffix: "\nx" }, gold, answer, countErrors), expected)
    }
  )
})

describe("lengths", () => {
  it("count characters and lines without white space at the ends", () => {
    assert.deepStrictEqual(lengthOfText("\n  é😀\nb\n"), { characters: 4, lines: 2 })
    assert.deepStrictEqual(lengthOfText(" \n"), { characters: 0, lines: 0 })
  })

  it.each([
    ["a", "a\nb", "a"],
    ["a\n", "a\nb\n", "a"],
    ["\n  a", "\n  a\nb", "a"],
    ["a", "  \na\nb", "a"],
    ["a\n\n", "a\nb", "a"],
    ["a\nb", "a", "a"],
    ["", "\na", ""],
    ["", "a\nb", "a"]
  ])(
    "are cut to those of %j: %j",
    (gold, answer, expected) => assert.strictEqual(cutToGoldLines(gold, answer), expected)
  )
})
