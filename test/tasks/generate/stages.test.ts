import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { syntaxCandidates } from "../../../services/cuts/candidates.ts"
import { lineDiff } from "../../../services/text/diff.ts"
import { parseZed, renderZed } from "../../../services/formats/zed.ts"
import { Parser, ParserGaveUp } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/text/random.ts"
import { isOverlapping } from "../../../services/text/span.ts"
import { fitInfill, keepEnd, keepStart } from "../../../services/formats/fit-infill.ts"
import { addedSpans, isWhiteSpaceOnly, oldMiddleOf } from "../../../tasks/generate/edit.ts"
import { jobTools } from "../../../tasks/generate/job-tools.ts"
import { asked } from "../../../tasks/generate/asked.ts"
import { generateSettingsOf } from "../../../tasks/generate/request.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { runTreeJob } from "../../../tasks/generate/tree-job.ts"
import { lexicalNodes } from "../../../tasks/generate/lexical-nodes.ts"
import { mutations } from "../../../tasks/generate/mutations.ts"
import { wholeFileParser } from "../../../tasks/generate/judge.ts"
import { makeNegative, tokensOf } from "../../../tasks/generate/negatives.ts"
import { zedExample } from "../../../tasks/generate/zed-example.ts"
import { sources } from "../../support/sources.ts"

const limits = { maxLines: 30, maxChars: 700 }
const lines = FastCheck.array(
  FastCheck.constantFrom("a = 1\n", "b = 2\n", "  c(d)\n", "\n", "e\r\n", "long line of code\n"),
  { maxLength: 25 }
)
  .map((all) => all.join(""))

describe("budget", () => {
  it.prop("keeps the middle's neighbours, whole lines, and the size", {
    prefix: lines,
    suffix: lines,
    middle: FastCheck.nat(50),
    total: FastCheck.nat(300)
  }, ({ middle, prefix, suffix, total }) => {
    const fitted = fitInfill(prefix, suffix, middle, total)
    if (fitted === undefined) {
      assert.isBelow(total, middle)
      return
    }
    assert.isTrue(prefix.endsWith(fitted.prefix))
    assert.isTrue(suffix.startsWith(fitted.suffix))
    assert.isAtMost(fitted.prefix.length + middle + fitted.suffix.length, Math.max(total, 0))
    assert.strictEqual(fitted.prefix.length + fitted.prefixCut, prefix.length)
    const cutAt = prefix.length - fitted.prefix.length
    assert.isTrue(cutAt === 0 || cutAt === prefix.length || prefix[cutAt - 1] === "\n")
    assert.isTrue(fitted.suffixCut === 0 || fitted.suffix === "" || fitted.suffix.endsWith("\n"))
    if (fitted.prefixCut + fitted.suffixCut === 0) assert.strictEqual(fitted.prefix + fitted.suffix, prefix + suffix)
  })

  it("gives three quarters to the prefix, and what one side does not need to the other", () => {
    const line = "123456789\n"
    const both = fitInfill(line.repeat(100), line.repeat(100), 0, 400)
    assert.deepStrictEqual([both?.prefix.length, both?.suffix.length], [300, 100])
    const short = fitInfill(line, line.repeat(100), 0, 400)
    assert.deepStrictEqual([short?.prefix.length, short?.suffix.length], [10, 390])
    assert.strictEqual(keepEnd("ab\ncd\n", 4), "cd\n")
    assert.strictEqual(keepStart("ab\ncd\n", 4), "ab\n")
  })
})

describe("edit", () => {
  it.prop("what was added lies in the new text's hunks", { before: lines, after: lines }, ({ after, before }) => {
    const edit = { before, after, hunks: lineDiff(before, after) }
    for (const span of addedSpans(edit)) {
      assert.isTrue(edit.hunks.some((hunk) => isOverlapping(hunk.new, span)))
      assert.match(after.slice(span.start, span.end), /^\S[^]*\S$|^\S$/)
    }
  })

  it("narrows a changed line to what differs", () => {
    const before = "x = call(alpha, 1)\n"
    const after = "x = call(beta, 1)\n"
    const edit = { before, after, hunks: lineDiff(before, after) }
    assert.deepStrictEqual(addedSpans(edit).map(({ end, start }) => after.slice(start, end)), ["bet"])
    const start = after.indexOf("beta")
    assert.strictEqual(oldMiddleOf(edit, { start, end: start + 4 }), "alpha")
    assert.isNull(oldMiddleOf(edit, { start: start + 1, end: start + 4 }))
  })

  it("sees a change of white space as none", () => {
    const edit = (before: string, after: string) => ({ before, after, hunks: lineDiff(before, after) })
    assert.isTrue(isWhiteSpaceOnly(edit("if (a) {b}\n", "if (a) { b }\n")))
    assert.isFalse(isWhiteSpaceOnly(edit("return a\n", "returna\n")))
  })
})

describe("zedExample", () => {
  const before = "import os\n\n\ndef f(x):\n    y = x\n    return y\n\n\ndef g():\n    pass\n"
  const after = "import os\nimport sys\n\n\ndef f(x):\n    y = x + 1\n    return y\n\n\ndef g():\n    return sys.argv\n"
  const hunks = lineDiff(before, after)
  const request = (text: string, rest = {}) => {
    const start = after.indexOf(text)
    return {
      path: "a.py",
      oldPath: "a.py",
      before,
      after,
      hunks,
      middle: { start, end: start + text.length },
      limits,
      asInsertion: false,
      total: 8192,
      ...rest
    }
  }

  it("asks for the replaced line, tells the hunks before it, and not those behind it", () => {
    const zed = zedExample(request("x + 1"))
    assert.isDefined(zed)
    if (zed === undefined) return
    assert.include(zed.example.region, "    y = x\n")
    assert.include(zed.example.rewritten, "    y = x + 1\n")
    assert.strictEqual(zed.example.region[zed.example.cursor - 1], "x")
    assert.deepStrictEqual(zed.example.events.map((event) => event._tag === "edited" ? event.diff : ""), [
      "@@ -1,4 +1,5 @@\n import os\n+import sys\n \n \n def f(x):"
    ])
    assert.notInclude(zed.example.region + zed.example.after, "sys.argv")
    assert.include(zed.rewrittenWith("x * 1"), "    y = x * 1\n")
  })

  it("as an insertion it asks for the middle alone", () => {
    const zed = zedExample(request("x + 1", { asInsertion: true }))
    assert.include(zed?.example.region, "    y = \n")
    assert.include(zed?.example.events.map((event) => event._tag === "edited" ? event.diff : "").join(), "+    y = ")
  })

  const program = FastCheck.tuple(
    lines,
    lines,
    FastCheck.nat(400),
    FastCheck.integer({ min: 1, max: 60 }),
    FastCheck.boolean(),
    FastCheck.integer({ min: 100, max: 2000 })
  )
  type Program = readonly [string, string, number, number, boolean, number]
  const holdsLaws = ([old, fresh, at, length, asInsertion, total]: Program): void => {
    const changes = lineDiff(old, fresh)
    const middle = { start: Math.min(at, fresh.length), end: Math.min(at + length, fresh.length) }
    FastCheck.pre(middle.end > middle.start && changes.some((hunk) => isOverlapping(hunk.new, middle)))
    const zed = zedExample({
      path: "a.py",
      oldPath: "b.py",
      before: old,
      after: fresh,
      hunks: changes,
      middle,
      limits,
      asInsertion,
      total
    })
    if (zed === undefined) return
    const { after: below, before: above, cursor, region, rewritten } = zed.example
    assert.isAtMost(cursor, region.length)
    const states = changes.map((hunk) => fresh.slice(0, hunk.new.end) + old.slice(hunk.old.end))
    assert.isTrue(states.some((state) => state.includes(above + rewritten + below)))
    assert.strictEqual(zed.rewrittenWith(fresh.slice(middle.start, middle.end)), rewritten)
    assert.isAtMost(above.length + region.length + below.length + rewritten.length, total)
    const { completion, prompt } = renderZed(zed.example)
    assert.strictEqual(parseZed(prompt, completion)?.rewritten, rewritten)
  }

  it.prop("its excerpt, rewritten, stands in the file as it was then", { program }, ({ program }) => holdsLaws(program))

  it("also where the middle ends between a carriage return and its line feed", () => {
    holdsLaws(["a = 1\ne\r\n", "b = 2\na = 1\na = 1\n\ne\r\n", 3, 18, false, 100])
  })
})

describe("negatives", () => {
  it.effect("in every language most middles get one that differs in tokens and parses as well", () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      const shares: Array<number> = []
      for (const [language, text] of Object.entries(sources)) {
        const languageParser = yield* parser.open(language)
        const tree = languageParser.parse(text)
        const nodes = tree.nodes({ start: 0, end: text.length })
        const candidates = syntaxCandidates({ text, nodes, focus: null, limits })
        let found = 0
        const cuts = [...candidates.values()].flat()
        for (const cut of cuts) {
          const middle = text.slice(cut.span.start, cut.span.end)
          const { negative } = makeNegative({
            scene: {
              text,
              language,
              middle: cut.span,
              nodes,
              hasGrammar: true,
              others: (candidates.get(cut.kind) ?? []).map(({ span }) => span)
            },
            parser: wholeFileParser(languageParser, tree),
            oldMiddle: null,
            positives: [middle],
            random: randomOf(language, cut.span.start, cut.span.end)
          })
          if (negative === undefined) continue
          found++
          assert.notStrictEqual(tokensOf(negative.middle), tokensOf(middle))
          const spoilt = (yield* parser.open(language)).parse(
            text.slice(0, cut.span.start) + negative.middle + text.slice(cut.span.end)
          )
          assert.strictEqual(spoilt.errorCount(), 0)
          spoilt.release()
          const ratio = negative.middle.length / middle.length
          if (negative.operator !== "early-stop" && negative.operator !== "run-on") {
            assert.isAtLeast(ratio, 0.5)
            assert.isAtMost(ratio, 2)
          }
        }
        // These programs are short: some of their names have no other of the same role.
        assert.isAbove(found / cuts.length, 0.7, language)
        shares.push(found / cuts.length)
        tree.release()
      }
      assert.isAbove(shares.reduce((sum, share) => sum + share, 0) / shares.length, 0.85)
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("each family has a place in some language", () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      const text = sources["javascript"] ?? ""
      const tree = (yield* parser.open("javascript")).parse(text)
      const nodes = tree.nodes({ start: 0, end: text.length })
      const start = text.indexOf("if (items")
      const middle = { start, end: text.indexOf("\n  return") }
      for (const [name, family] of mutations) {
        const proposals = Array.from({ length: 20 }, (_, index) =>
          family.propose({
            text,
            language: "javascript",
            middle,
            nodes,
            hasGrammar: true,
            others: [{ start: text.indexOf("return"), end: text.lastIndexOf("}") - 1 }]
          }, randomOf(name, index)))
        if (name !== "other") {
          assert.isAbove(
            proposals.filter((proposal) => proposal !== undefined).length,
            0,
            name
          )
        }
      }
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it("works on the lexemes of a text without a grammar", () => {
    const text = "local total = first + 3\nif total > limit then\n  print(total, limit)\nend\n"
    const middle = { start: text.indexOf("if"), end: text.indexOf("\nend") }
    const { negative } = makeNegative({
      scene: {
        text,
        language: "lua",
        middle,
        nodes: lexicalNodes(text, { start: 0, end: text.length }),
        hasGrammar: false,
        others: []
      },
      parser: null,
      oldMiddle: null,
      positives: [text.slice(middle.start, middle.end)],
      random: randomOf("lua")
    })
    assert.isDefined(negative)
  })

  it("tokensOf ignores white space between tokens only", () => {
    assert.strictEqual(tokensOf("a  ( b )\n"), tokensOf("a(b)"))
    assert.notStrictEqual(tokensOf("return a"), tokensOf("returna"))
  })
})

it.effect("a text that the parser gives up is counted, and the next one is cut", () =>
  Effect.gen(function*() {
    const real = yield* (yield* Parser).open("python")
    const picky: Parser["Type"] = {
      open: () =>
        Effect.succeed({
          ...real,
          parse: (source) => {
            if (source.startsWith("# too much")) throw new ParserGaveUp({ detail: "on purpose" })
            return real.parse(source)
          }
        })
    }
    const { settings } = yield* generateSettingsOf(yield* answersChosen(asked, { repositories: ["."], source: "tree" }))
    const file = (path: string, blob: string) => ({
      path,
      blob,
      language: "python",
      group: path,
      side: "train" as const
    })
    const bytes = (text: string) => new TextEncoder().encode(text)
    const output = yield* runTreeJob(picky, jobTools(() => Effect.dieMessage("no context was asked for")))({
      location: ".",
      settings,
      repository: "toy",
      commit: null,
      files: [file("a.py", "1"), file("b.py", "2")],
      contents: new Map([["1", bytes(`# too much\n${(sources["python"] ?? "").repeat(3)}`)], [
        "2",
        bytes((sources["python"] ?? "").repeat(3))
      ]])
    })
    assert.deepStrictEqual(output.ledger["files"], { came: 2, kept: 1, leftOut: { "parser gave up": 1 } })
    assert.isAbove(output.records.length, 0)
  }).pipe(Effect.provide(TreeSitterParser.layer)))
