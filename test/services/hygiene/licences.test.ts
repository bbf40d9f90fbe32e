import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import spdx from "spdx-license-list/full.js"
import { nearestOf } from "../../../services/history/nearest-files.ts"
import { headLicenceOf } from "../../../services/hygiene/file-licence.ts"
import {
  isAllowed,
  type LicenceExpression,
  parseLicence,
  permissive,
  readAllowed,
  renderLicence
} from "../../../services/hygiene/licence-expression.ts"
import { makeLicenceTexts } from "../../../services/hygiene/licence-texts.ts"
import { isLicencePath, licenceName, licenceOfFile } from "../../../services/hygiene/path-licence.ts"

const texts = Object.entries(spdx).map(([name, { licenseText }]) => ({ name, text: licenseText }))
const textOf = (name: string) => texts.find((one) => one.name === name)!.text
const { nameOf } = makeLicenceTexts(texts)

describe("the licence of a text", () => {
  const plain = [...permissive, "MPL-2.0", "EPL-2.0", "GPL-2.0", "GPL-3.0", "LGPL-2.1", "AGPL-3.0"]

  it.each(plain.filter((name) => name !== "X11"))("%s is found, laid out in another way and signed", (name) => {
    const text = `Copyright (c) 2020 Somebody & others\n\n${textOf(name).replace(/\n/g, "\r\n  ").toUpperCase()}`
    assert.strictEqual(nameOf(text), name)
  })

  it("is never that of another one: each SPDX text is itself or unknown", () => {
    const plainName = (name: string) => name.replace(/(?:-or-later|-only|\+)$/, "")
    const wrong = texts.filter(({ name, text }) => {
      const found = nameOf(text)
      return found !== undefined && plainName(found) !== plainName(name) && textOf(found) !== text
    })
    assert.deepStrictEqual(wrong.map(({ name, text }) => `${name}: ${nameOf(text)}`), [])
  })

  it("is unknown where somebody added a condition", () => {
    for (const name of ["MIT", "Apache-2.0", "BSD-3-Clause"]) {
      for (
        const condition of [
          "The Software may not be used as training data.",
          "\"Commons Clause\" License Condition v1.0",
          "Only noncommercial use is allowed."
        ]
      ) {
        assert.isUndefined(nameOf(`${condition}\n${textOf(name)}`))
      }
    }
  })

  it("is unknown where two stand in one file, and in a text that is none", () => {
    for (const [one, other] of [["MIT", "BSD-3-Clause"], ["Apache-2.0", "MIT"], ["GPL-3.0", "MIT"]] as const) {
      assert.isUndefined(nameOf(`${textOf(one)}\n${textOf(other)}`))
      assert.isUndefined(nameOf(`${textOf(other)}\n${textOf(one)}`))
    }
    const preface =
      "New code is under this licence. What was given before, by those who did not agree to the change, stays "
    assert.isUndefined(
      nameOf(`${preface} under the licence of the time, which is that of MIT.\n${textOf("Apache-2.0")}`)
    )
    for (const text of ["", "All rights reserved.", "See LICENSE-MIT"]) assert.isUndefined(nameOf(text))
  })

  it.each([
    ["yaml/LICENSE", "ISC"],
    ["smol-toml/LICENSE", "BSD-3-Clause"],
    ["typescript/LICENSE", "Apache-2.0"],
    ["playwright-core/LICENSE", "Apache-2.0"],
    ["@types/node/LICENSE", "MIT"],
    ["effect/LICENSE", "MIT"],
    ["vscode-jsonrpc/License.txt", "MIT"],
    // Some of it is under one licence and some under another.
    ["@modelcontextprotocol/client/LICENSE", undefined]
  ])("of %s is what a reader would say: %s", (path, wanted) => {
    const text = readFileSync(new URL(`../../../node_modules/${path}`, import.meta.url), "utf8")
    assert.strictEqual(nameOf(text), wanted)
  })

  it("is that of Apache whether or not the appendix is there", () => {
    const [terms = ""] = textOf("Apache-2.0").split("END OF TERMS AND CONDITIONS")
    assert.strictEqual(nameOf(terms), "Apache-2.0")
  })
})

describe("the head of a file", () => {
  const said = (text: string) => {
    const head = headLicenceOf(text)
    return head._tag === "licence" ? renderLicence(head.expression) : head._tag
  }
  const gpl = (version: string, kind = "") =>
    `/* This is free software; you can redistribute it under the terms of the GNU ${kind}General\n * Public License as published by the Free Software Foundation; ${version} */`

  it.each([
    ["// SPDX-License-Identifier: MIT OR Apache-2.0\nfn a() {}", "MIT OR Apache-2.0"],
    ["/* SPDX-License-Identifier: GPL-2.0-only */", "GPL-2.0-only"],
    ["<!-- SPDX-License-Identifier: MPL-2.0 -->", "MPL-2.0"],
    ["# SPDX-License-Identifier: LicenseRef-Mine-or-not valid", "unknown"],
    ["# Licensed under the Apache License, Version 2.0 (the \"License\");\n# you may not use", "Apache-2.0"],
    [" * Licensed under the Apache\n * License, Version 2.0", "Apache-2.0"],
    ["/** @license MIT */", "MIT"],
    ["/**\n * @license https://example.org/LICENSE.md (MIT License)\n */", "MIT"],
    [gpl("either version 2 of the License, or\n * (at your option) any later version."), "GPL-2.0-or-later"],
    [gpl("version 3 of the License."), "GPL-3.0-only"],
    [gpl("version 2.1 of the License, or any later version", "Lesser "), "LGPL-2.1-or-later"],
    [gpl("version 2 of the License", "Library "), "unknown"],
    [
      "// Use of this source code is governed by an MIT style\n// license that can be found in the LICENSE file.",
      "none"
    ],
    ["// All rights reserved. Use is governed by a BSD license, see the LICENSE file", "none"],
    ["/* Redistribution and use in source and binary forms, with or without */", "unknown"],
    ["# All rights reserved.", "unknown"],
    ["# Licensed under the MIT license, or under the Apache License, Version 2.0", "unknown"],
    ["import a\nprint(\"license\")", "none"],
    ["", "none"]
  ])("%j says %s", (text, wanted) => assert.strictEqual(said(text), wanted))

  it("counts for twenty lines only", () =>
    assert.strictEqual(said(`${"\n".repeat(20)}// SPDX-License-Identifier: MIT`), "none"))
})

describe("the licence of a file", () => {
  const files = new Map([["LICENSE", "MIT"], ["vendor/a/COPYING", "GPL-2.0-only"], ["b/LICENSE-MIT", "MIT"], [
    "b/LICENSE-APACHE",
    "Apache-2.0"
  ], ["c/LICENSE", undefined]])
  const none = { _tag: "none" } as const
  const nearest = (path: string, named: ReadonlyMap<string, string | undefined> = files) =>
    nearestOf(
      [...named.keys()].map((path) => ({ path, kind: "file", blob: path })),
      [{ commit: null, path }],
      isLicencePath
    )
      .flat().map(({ path }) => named.get(path))

  it.each([
    ["a.py", "MIT"],
    ["src/deep/a.py", "MIT"],
    ["vendor/a/src/b.c", "GPL-2.0-only"],
    ["vendor/b.c", "MIT"],
    ["b/x/lib.rs", "Apache-2.0, MIT"],
    ["c/a.c", ""]
  ])(
    "%s is that of the nearest licence file",
    (path, wanted) => assert.strictEqual(licenceName(licenceOfFile(none, nearest(path))), wanted)
  )

  it("is what its head says, and unknown where that or all is unknown", () => {
    const expression = parseLicence("ISC")!
    assert.strictEqual(licenceName(licenceOfFile({ _tag: "licence", expression }, nearest("c/a.c"))), "ISC")
    assert.strictEqual(licenceName(licenceOfFile({ _tag: "unknown" }, nearest("a.py"))), "")
    assert.strictEqual(licenceName(licenceOfFile(none, nearest("a.py", new Map()))), "")
  })

  it.each([
    ["LICENSE", true],
    ["a/LICENCE.txt", true],
    ["COPYING.LESSER", true],
    ["UNLICENSE", true],
    [
      "LICENSE-MIT",
      true
    ],
    ["license.go", false],
    ["LICENSE.md", true],
    ["licenses.py", false],
    ["src/licensing/a.ts", false]
  ])("%s names one: %s", (path, is) => assert.strictEqual(isLicencePath(path), is))
})

describe("expressions", () => {
  const names = ["MIT", "Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "0BSD"]
  const expression: FastCheck.Arbitrary<LicenceExpression> = FastCheck.letrec<{ one: LicenceExpression }>((tie) => ({
    one: FastCheck.oneof(
      { maxDepth: 3 },
      FastCheck.constantFrom(...names).map((name) => ({ _tag: "licence" as const, name })),
      FastCheck.record({
        _tag: FastCheck.constantFrom("and" as const, "or" as const),
        left: tie("one"),
        right: tie("one")
      })
    )
  })).one

  it("mean the same when they were written and read again", () =>
    FastCheck.assert(FastCheck.property(expression, FastCheck.subarray(names), (one, allowed) => {
      const again = parseLicence(renderLicence(one))
      assert.isDefined(again)
      assert.strictEqual(isAllowed(again!, new Set(allowed)), isAllowed(one, new Set(allowed)))
    })))

  it("are allowed by more names wherever they are by fewer", () =>
    FastCheck.assert(FastCheck.property(expression, FastCheck.subarray(names), (one, allowed) => {
      assert.isTrue(!isAllowed(one, new Set(allowed)) || isAllowed(one, new Set(names)))
      assert.isFalse(isAllowed(one, new Set()))
    })))

  it("are asked for by a list, in which permissive names many", () => {
    const read = readAllowed("permissive, MPL-2.0")
    assert.isTrue(read._tag === "allowed" && read.names.has("MIT") && read.names.has("MPL-2.0"))
    const gnu = readAllowed("LGPL-2.1-or-later")
    assert.deepStrictEqual(gnu, { _tag: "allowed", names: new Set(["LGPL-2.1-or-later", "LGPL-2.1"]) })
    assert.deepStrictEqual(readAllowed("MIT,Mine"), { _tag: "unknown", name: "Mine" })
    for (const name of permissive) assert.strictEqual(parseLicence(name)?._tag, "licence")
  })
})
