/** Sources that nest without end, each in a way of its own, by the name of their file. */

const levels = 4000
const terms = 60_000

/** Some pieces a line, so that no file counts as minified. */
const inLines = (piece: string, count: number): string => {
  const ofLine = Math.max(1, Math.floor(60 / piece.length))
  return Array.from(
    { length: Math.ceil(count / ofLine) },
    (_, line) => piece.repeat(Math.min(ofLine, count - line * ofLine))
  ).join("\n")
}

/** Opens `count` levels, and closes them. */
const nested = (open: string, close: string, inside = "", count = levels): string =>
  `${inLines(open, count)}\n${inside}\n${inLines(close, count)}\n`

const sum = (term: string, count = terms): string => `${term}\n`.repeat(count)

/** More levels than any limit, or as many terms as a native parser cannot take. */
export const deepSources: Readonly<Record<string, string>> = {
  "functions.js": "function f() {\n".repeat(levels) + "}\n".repeat(levels),
  "calls.js": `f${nested("(f", ")", "(1)")}`,
  "arrays.js": `x = ${nested("[", "]")}`,
  "objects.js": `x = ${nested("{ a: ", "}", "1")}`,
  "blocks.js": nested("{", "}"),
  "sum.js": `x = a\n${sum("+ a")}`,
  "concatenation.js": `x = "a"\n${sum("+ \"b\"")}`,
  "chain.js": `x\n${sum(".then(a)", 30_000)}`,
  "else-if.js": `if (a) { b() }\n${"else if (a) { b() }\n".repeat(10_000)}`,
  "ifs.js": `${inLines("if (a) ", 10_000)}\nb()\n`,
  "unary.js": `x = ${inLines("!", terms)}\na\n`,
  "ternary.js": `x = ${inLines("a ? b : ", 20_000)}\nc\n`,
  "arrows.js": `x = ${inLines("a => ", 20_000)}\nb\n`,
  "templates.js": `x = ${inLines("`${", levels)}\n1\n${inLines("}`", levels)}\n`,
  "news.js": `x = ${inLines("new ", 20_000)}\na\n`,
  "elements.jsx": `x = ${nested("<a>", "</a>")}`,
  "generics.ts": `type A = ${nested("B<", ">", "1")}`,
  "union.ts": `type A = B\n${sum("| B")}`,
  "conditional.ts": `type A = ${inLines("B extends C ? D : ", 10_000)}\nE\n`,
  "attributes.tsx": `const x = ${inLines("<a b={", levels)}\n1\n${inLines("}/>", levels)}\n`,
  "brackets.py": `x = ${nested("(", ")", "1")}`,
  "lists.py": `x = ${nested("[", "]")}`,
  "sum.py": `x = (a\n${sum("+ a")})\n`,
  "lambdas.py": `x = (${inLines("lambda: ", 20_000)}\na)\n`,
  "ternary.py": `x = (${inLines("a if b else ", 20_000)}\nc)\n`,
  "chain.py": `x = (a\n${sum(".b(c)", 30_000)})\n`,
  "not.py": `x = (${inLines("not ", 20_000)}\na)\n`,
  "indented.py": `${Array.from({ length: 600 }, (_, level) => `${" ".repeat(level)}if a:\n`).join("")}${
    " ".repeat(600)
  }b()\n`,
  "classes.java": "class A {\n".repeat(levels) + "}\n".repeat(levels),
  "sum.java": `class A { int a = 1\n${sum("+ 1")}; }\n`,
  "chain.java": `class A { void b() { a\n${sum(".b()", 30_000)}; } }\n`,
  "blocks.c": `void f() {\n${nested("{", "}")}}\n`,
  "pointers.c": `int ${inLines("*", 20_000)}\nx;\n`,
  "else-if.c": `void f() { if (a) b();\n${"else if (a) b();\n".repeat(10_000)}}\n`,
  "templates.cpp": `${nested("A<", ">", "B")} x;\n`,
  "functions.go": `package a\nvar x = ${inLines("func() {", levels)}\n${inLines("}", levels)}\n`,
  "sum.go": `package a\nvar x = 1 +\n${sum("1 +")}1\n`,
  "types.go": `package a\nvar x ${nested("struct { a ", "}", "int")}`,
  "blocks.rs": `fn f() ${nested("{", "}")}`,
  "chain.rs": `fn f() { a\n${sum(".b()", 30_000)}; }\n`,
  "references.rs": `fn f(a: ${inLines("& ", 20_000)}\nu8) {}\n`,
  "arrays.php": `<?php\n$x = ${nested("[", "]")};\n`,
  "concatenation.php": `<?php\n$x = 'a'\n${sum(". 'b'")};\n`,
  "blocks.rb": "a do\n".repeat(levels) + "end\n".repeat(levels),
  "sum.rb": `x = a +\n${sum("a +")}a\n`,
  "chain.cs": `class A { void B() { a\n${sum(".B()", 30_000)}; } }\n`,
  "generics.cs": `class A { ${nested("B<", ">", "C")} x; }\n`,
  "and.sh": `${sum("a &&")}a\n`
}

const hidden = 70_000

/** Scripts that nest deeper than they seem to: what closes a level stands in a text, a comment or a pattern. */
export const hiddenDepths: Readonly<Record<string, string>> = {
  "closed in texts": "x = " + "[\"]\", \n".repeat(hidden),
  "closed in other texts": "x = " + "[']', \n".repeat(hidden),
  "closed in templates": "x = " + "[`]`, \n".repeat(hidden),
  "closed in comments": "x = " + "[/*]*/\n".repeat(hidden),
  "closed in comments to the end of a line": "x = " + "[//]\n".repeat(hidden),
  "closed in patterns": "x = " + "[/]/, \n".repeat(hidden),
  "closed in classes of patterns": "x = " + "[/[\\]]/, \n".repeat(hidden),
  "closed in one long comment": `x = ${"[\n".repeat(hidden)}/*${"]\n".repeat(hidden)}*/`,
  "closed in one long template": `x = ${"(\n".repeat(hidden)}\`${")\n".repeat(hidden)}\``,
  "closed in elements": "x = " + "<a>{[\n".repeat(hidden),
  "closed by what does not fit": "x = " + "[[[[(\n}}}}\n".repeat(hidden / 4),
  "never closed": "(\n".repeat(hidden),
  "words alone": "x = " + "typeof\n".repeat(hidden),
  "words between odd spaces": "x = " + "void\u00a0void\u2028\n".repeat(hidden),
  "functions in defaults": "x = " + "(a =\n".repeat(3000) + "1",
  "comparisons that may be types": "a<".repeat(30_000),
  "exports of nothing": "export\n".repeat(60_000),
  "assertions": `x = a${" satisfies a".repeat(10_000)}`,
  "old casts": `x = ${"<a>\n".repeat(3000)}1`,
  "a pattern of groups": `x = /${"(".repeat(hidden)}${")".repeat(hidden)}/\ny = 1\n${"z()\n".repeat(3000)}`
}
