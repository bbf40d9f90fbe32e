import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { syntaxCandidates } from "../../../services/cuts/candidates.ts"
import { lineDiff } from "../../../services/diff.ts"
import { parseZed, renderZed } from "../../../services/formats/zed.ts"
import { Parser, ParserGaveUp } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/random.ts"
import { isOverlapping } from "../../../services/span.ts"
import { fitInfill, keepEnd, keepStart } from "../../../tasks/generate/budget.ts"
import { addedSpans, isWhiteSpaceOnly, oldMiddleOf } from "../../../tasks/generate/edit.ts"
import { jobTools } from "../../../tasks/generate/job-tools.ts"
import { resolveSettings } from "../../../tasks/generate/request.ts"
import { runTreeJob } from "../../../tasks/generate/tree-job.ts"
import { makeGroups, sideOfGroup } from "../../../tasks/generate/groups.ts"
import { lexicalNodes } from "../../../tasks/generate/lexical-nodes.ts"
import { mutations } from "../../../tasks/generate/mutations.ts"
import { makeNegative, tokensOf } from "../../../tasks/generate/negatives.ts"
import {
  entropyOf,
  hasConflictMarkers,
  isCommentOnly,
  reasonAgainstCut,
  reasonAgainstPath,
  reasonAgainstText
} from "../../../tasks/generate/quality.ts"
import { maySecret } from "../../../tasks/generate/secret-prefilter.ts"
import { testedStems } from "../../../tasks/generate/selection.ts"
import { decodeSource } from "../../../tasks/generate/source-text.ts"
import { ktoWeights, sideStats } from "../../../tasks/generate/stats.ts"
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
  it.prop("its excerpt, rewritten, stands in the file as it was then", { program }, ({ program }) => {
    const [old, fresh, at, length, asInsertion, total] = program
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
  })
})

describe("negatives", () => {
  it.effect("in every language most middles get one that differs in tokens and parses as well", () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      for (const [language, text] of Object.entries(sources)) {
        const tree = (yield* parser.open(language)).parse(text)
        const nodes = tree.nodes({ start: 0, end: text.length })
        const candidates = syntaxCandidates({ text, nodes, focus: null, limits })
        let found = 0
        const cuts = [...candidates.values()].flat()
        for (const cut of cuts) {
          const middle = text.slice(cut.span.start, cut.span.end)
          const { negative } = makeNegative({
            scene: { text, middle: cut.span, nodes, others: (candidates.get(cut.kind) ?? []).map(({ span }) => span) },
            tree,
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
        assert.isAbove(found / cuts.length, 0.8, language)
        tree.release()
      }
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
            middle,
            nodes,
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
      scene: { text, middle, nodes: lexicalNodes(text, { start: 0, end: text.length }), others: [] },
      tree: null,
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

describe("groups", () => {
  it("names a group by its oldest file, and counts groups that history joins across the split", () => {
    const sides = new Map([["a", "train"], ["b", "held"], ["c", "train"]] as const)
    const groups = makeGroups((name) => sides.get(name as "a") ?? "train")
    groups.add("a", ["1"])
    groups.add("b", ["2"])
    groups.join("a", "c")
    groups.add("c", ["3"])
    assert.deepStrictEqual(["a", "b", "c"].map(groups.nameOf), ["a", "b", "a"])
    assert.strictEqual(groups.moved(), 0)
    groups.add("c", ["2"])
    assert.deepStrictEqual(["a", "b", "c"].map(groups.nameOf), ["a", "a", "a"])
    assert.strictEqual(groups.moved(), 1)
  })

  it("the split takes its share, and a group's side depends on nothing but the seed and its name", () => {
    const side = sideOfGroup(42, 0.9)
    const train =
      Array.from({ length: 5000 }, (_, index) => side(`repo:file-${index}`)).filter((one) => one === "train").length
    assert.closeTo(train / 5000, 0.9, 0.02)
    assert.strictEqual(sideOfGroup(42, 0.9)("x"), side("x"))
  })
})

describe("quality", () => {
  it.each([
    ["node_modules/a/b.js", "vendored"],
    ["src/vendor/x.php", "vendored"],
    ["lib/jquery.min.js", "vendored"],
    ["api/v1/service.pb.go", "generated"],
    ["lib/a.py", undefined],
    ["web/main.ts", undefined],
    ["db/schema.rb", undefined]
  ])("a path %s is %s", (path, reason) => {
    assert.strictEqual(reasonAgainstPath(path), reason)
  })

  it("sees what a tool wrote, and what was squeezed", () => {
    assert.strictEqual(reasonAgainstText("// Code generated by x. DO NOT EDIT.\npackage a\n"), "generated")
    assert.strictEqual(reasonAgainstText("a=1;".repeat(2000)), "minified")
    assert.isUndefined(reasonAgainstText("a = 1\n".repeat(2000)))
  })

  it("takes conflict markers at line starts only", () => {
    assert.isTrue(hasConflictMarkers("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"))
    assert.isFalse(hasConflictMarkers("Title\n=======\ntext\n"))
    assert.isFalse(hasConflictMarkers("print(\"<<<<<<< x\")\nprint(\">>>>>>> y\")\n"))
  })

  const context = "value = compute(1, 2, 3)\nother = compute(4, 5, 6)\n".repeat(8)
  it.each([
    ["x = 1\n".repeat(6).trim(), "repetitive"],
    ["# a comment\n# and more", "comment only"],
    ["// Copyright 2020 Ada. All rights reserved.", "licence header"],
    ["aaaaaaaaaaaaaaaaaaaaaaaa", "low entropy"],
    ["\"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkrLw\"", "data"],
    ["total += item.price * count", undefined],
    ["#include <stdio.h>\n#define X 1", undefined]
  ])("a middle %j is %s", (middle, reason) => {
    const text = `${context}${middle}\n${context}`
    const cut = {
      kind: "statement" as const,
      span: { start: context.length, end: context.length + middle.length },
      isComment: false
    }
    assert.strictEqual(reasonAgainstCut(text, cut), reason)
  })

  it("measures entropy in bits", () => {
    assert.strictEqual(entropyOf("aaaa"), 0)
    assert.strictEqual(entropyOf("abcd"), 2)
    assert.isTrue(isCommentOnly("# a\n\n  // b"))
  })
})

it("the prefilter lets no secret of the usual kinds pass", () => {
  for (
    const secret of [
      "AKIAIOSFODNN7EXAMPLE",
      "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
      "-----BEGIN RSA PRIVATE KEY-----",
      "https://user:hunter22@example.org/x",
      "xoxb-123-456-abc",
      "aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYZZZZZZZZZKEY",
      "sk-ant-api03-abcdefghijk",
      "npm_abcdefghijklmnopqrst",
      "AIzaSyAbcdefghijklmnopqrs"
    ]
  ) {
    assert.isTrue(maySecret(`x = "${secret}"`), secret)
  }
  assert.isFalse(maySecret("const task-runner = disk-usage(items.map((item) => item.price), secret_name, hf_model)"))
})

it("testedStems reads the conventions of all runners", () => {
  const stems = testedStems([
    "tests/test_foo.py",
    "FooBarTest.php",
    "pkg/walk_test.go",
    "a.spec.ts",
    "b.test.jsx",
    "user_spec.rb",
    "src/latest.py"
  ])
  for (const stem of ["foo", "foobar", "walk", "a", "b", "user"]) assert.isTrue(stems.has(stem), stem)
})

it("decodeSource keeps a byte order mark and refuses what is no UTF-8 text", () => {
  const bytes = (...values: ReadonlyArray<number>) => Uint8Array.from(values)
  assert.deepStrictEqual(decodeSource(bytes(0xef, 0xbb, 0xbf, 0x61)), { _tag: "text", text: "\ufeffa" })
  assert.deepStrictEqual(decodeSource(bytes(0x61, 0xe9, 0x62)), { _tag: "refused", reason: "not UTF-8" })
  assert.deepStrictEqual(decodeSource(bytes(0x61, 0, 0x62)), { _tag: "refused", reason: "binary" })
})

it("stats count labels and advise weights that balance them", () => {
  const facet = (operator: string | null) => JSON.stringify(["block", "go", "ZED", operator, 2, 3])
  const stats = sideStats({
    rows: 5,
    twins: 0,
    contradicted: 0,
    shared: 0,
    past: 0,
    bytes: 1,
    facets: { [facet(null)]: 3, [facet("literal")]: 2 }
  }, false)
  assert.deepInclude(stats, { examples: 5, positives: 3, negatives: 2, operators: { literal: 2 }, promptChars99: 1024 })
  assert.deepStrictEqual(ktoWeights(3, 2), { desirable_weight: 1, undesirable_weight: 1.5 })
  assert.deepStrictEqual(ktoWeights(2, 4), { desirable_weight: 2, undesirable_weight: 1 })
})

it.effect("a text that the parser gives up is counted, and the next one is cut", () =>
  Effect.gen(function*() {
    const real = yield* (yield* Parser).open("python")
    const picky: Parser["Type"] = {
      open: () =>
        Effect.succeed({
          parse: (source) => {
            if (source.startsWith("# too much")) throw new ParserGaveUp({ detail: "on purpose" })
            return real.parse(source)
          }
        })
    }
    const { settings } = yield* resolveSettings({ source: "tree" })
    const file = (path: string, blob: string) => ({
      path,
      blob,
      language: "python",
      group: path,
      side: "train" as const
    })
    const bytes = (text: string) => new TextEncoder().encode(text)
    const output = yield* runTreeJob(picky, jobTools)({
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
