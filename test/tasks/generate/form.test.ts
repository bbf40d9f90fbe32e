import { assert, describe, it } from "@effect/vitest"
import { formOf } from "../../../tasks/generate/form/form.ts"

/** Language, and two pieces of code. */
type Pair = readonly [string, string, string]

const alike: ReadonlyArray<Pair> = [
  // Both sides of a comparison, and which way it is written.
  ["javascript", "'get' == m", "m === 'get'"],
  [
    "javascript",
    "204 == this.statusCode || 304 == this.statusCode",
    "204 === this.statusCode || 304 === this.statusCode"
  ],
  ["python", "None is not ctx", "ctx is not None"],
  ["python", "not x in y", "x not in y"],
  ["python", "not x == y", "x != y"],
  ["php", "null === $x", "$x === null"],
  ["php", "is_null($x)", "$x === null"],
  ["go", "nil != err", "err != nil"],
  ["java", "a > b", "b < a"],
  ["c", "NULL == p", "p == NULL"],
  ["rust", "0 == n", "n == 0"],
  ["java", "!(a == b)", "a != b"],
  // Quotes.
  ["javascript", "x = \"a\"", "x = 'a'"],
  ["typescript", "x = `a`", "x = 'a'"],
  ["python", "x = u'a'", "x = \"a\""],
  ["python", "x = f\"a\"", "x = 'a'"],
  ["python", "x = 'it\\'s'", "x = \"it's\""],
  ["python", "x = 'a' 'b'", "x = 'ab'"],
  ["php", "$x = \"a\";", "$x = 'a';"],
  ["ruby", "x = \"a\"", "x = 'a'"],
  ["bash", "x='a'", "x=\"a\""],
  ["go", "x := `a`", "x := \"a\""],
  ["javascript", "require('node:path')", "require(\"path\")"],
  // Brackets that change nothing.
  ["python", "return (x + 1)", "return x + 1"],
  ["python", "assert (rv is self), \"message\"", "assert rv is self, 'message'"],
  ["python", "if (a and b):\n    pass", "if a and b:\n    pass"],
  ["javascript", "x = (a * b) + c", "x = a * b + c"],
  ["javascript", "if ((a && b)) c()", "if (a && b) c()"],
  ["javascript", "if (a) { return b }", "if (a) return b;"],
  ["javascript", "(x) => x.y", "x => x.y"],
  ["javascript", "new Foo", "new Foo()"],
  ["php", "new Foo", "new Foo()"],
  ["ruby", "puts(x)", "puts x"],
  ["ruby", "foo.bar()", "foo.bar"],
  ["python", "class A():\n    pass", "class A:\n    pass"],
  ["javascript", "a['b']", "a.b"],
  ["rust", "if (a == b) { c() }", "if a == b { c() }"],
  // Commas and semicolons.
  ["javascript", "f(a, b,)", "f(a, b)"],
  ["javascript", "var x = 1;", "const x = 1"],
  ["javascript", "a()\nb()", "a();\nb();"],
  ["python", "f(\n    a,\n    b,\n)", "f(a, b)"],
  ["python", "x = [1, 2,]", "x = [1, 2]"],
  ["go", "f(\n\ta,\n\tb,\n)", "f(a, b)"],
  ["php", "return ['a' => 1,];", "return ['a' => 1];"],
  ["rust", "S { a: 1, b: 2, }", "S { a: 1, b: 2 }"],
  ["c", "int x[] = {1, 2,};", "int x[] = {1, 2};"],
  ["javascript", "{ 'a': 1, b: b }", "{ a: 1, b }"],
  // Imports.
  ["python", "import os\nimport sys", "import sys\nimport os"],
  ["python", "from a import b, c", "from a import (\n    c,\n    b,\n)"],
  ["python", "from a import b\nfrom a import c", "from a import b, c"],
  ["javascript", "import { a, b } from 'x'", "import { b, a } from \"x\""],
  ["javascript", "var a = require('a')\nvar b = require('b')", "const b = require('b');\nconst a = require('a');"],
  ["go", "import (\n\t\"os\"\n\n\t\"fmt\"\n)", "import (\n\t\"fmt\"\n\t\"os\"\n)"],
  ["go", "import (\n\t\"fmt\"\n)", "import \"fmt\""],
  ["php", "use A\\B;\nuse A\\C;", "use A\\C;\nuse A\\B;"],
  ["java", "import a.B;\nimport a.C;", "import a.C;\nimport a.B;"],
  ["rust", "use a::{b, c};", "use a::{c, b};"],
  ["c", "#include <a.h>\n#include <b.h>", "#include <b.h>\n#include <a.h>"],
  ["c-sharp", "using A;\nusing B;", "using B;\nusing A;"],
  ["ruby", "require 'a'\nrequire 'b'", "require \"b\"\nrequire \"a\""],
  // Comments, white space, spellings.
  ["python", "x = 1  # type: ignore", "x = 1"],
  ["javascript", "x = 1 // one", "x = /* 1 */ 1;"],
  ["go", "var x interface{}", "var x any"],
  ["python", "x: t.Dict[str, t.Any]", "x: dict[str, t.Any]"],
  ["python", "x: t.Optional[str]", "x: str | None"],
  ["python", "x: Union[str, None]", "x: None | str"],
  ["php", "$a and $b", "$a && $b"],
  ["ruby", "a unless b == c", "a if b != c"],
  ["javascript", "i++", "i += 1"],
  ["java", "i = i + 1;", "++i;"],
  ["python", "1_000", "1000"],
  ["go", "bytes.Equal(a, b)", "bytes.Equal(b, a)"],
  ["php", "$this->assertSame($a, $b);", "$this->assertSame($b, $a);"],
  ["javascript", "assert.strictEqual(a, b)", "assert.strictEqual(b, a)"],
  ["python", "f(a, b=1, c=2)", "f(a, c=2, b=1)"],
  ["php", "f(a: 1, b: 2);", "f(b: 2, a: 1);"],
  ["javascript", "'use strict'\n\nvar a = b", "var a = b"],
  ["python", "from __future__ import annotations\nimport a", "import a"],
  [
    "python",
    "def f():\n    \"\"\"Old words.\"\"\"\n    return 1",
    "def f():\n    \"\"\"New words.\"\"\"\n    return 1"
  ],
  ["python", "if (\n    a\n    and b\n):\n    c()", "if a and b:\n    c()"],
  ["c", "if (p) { free(p); }", "if (p) free(p);"],
  ["typescript", "const { a, b } = c", "let { a, b, } = c"],
  ["bash", "echo 'a'; echo b", "echo \"a\"\necho b"],
  // What may as well be left out.
  ["java", "void f(final Gson gson, final Type type) {}", "void f(Gson gson, Type type) {}"],
  ["java", "public boolean skips(Field f);", "boolean skips(Field f);"],
  ["java", "@SuppressWarnings({\"unused\"}) @Override public String s()", "public String s()"],
  ["java", "x = new ArrayList<Student>();", "x = new ArrayList<>();"],
  ["java", "x = new a.Map<String, List<String>>(b);", "x = new a.Map<>(b);"],
  ["java", "assertThat(a).isEqualTo(Boolean.TRUE);", "assertThat(a).isEqualTo(true);"],
  ["go", "var route = \"/cmd\"", "route := \"/cmd\""],
  ["go", "http.NewRequest(http.MethodPost, \"/\", nil)", "http.NewRequest(\"POST\", \"/\", nil)"],
  ["typescript", "type A = | B | C[]", "type A = B | C[]"],
  ["typescript", "(a) as\n  | B\n  | any", "(a) as B | any"]
]

const different: ReadonlyArray<Pair> = [
  ["java", "x = new ArrayList<>(a);", "x = new ArrayList<>(b);"],
  ["java", "private final int a = 1;", "static final int a = 1;"],
  ["java", "x = a < b;", "x = a > b;"],
  ["java", "@Since(1) int a;", "int a;"],
  ["go", "var x int = 1", "var x = 1"],
  ["go", "http.MethodPut", "http.MethodPost"],
  ["typescript", "a | b", "a & b"],
  ["javascript", "f(a & b)", "f(b)"],
  ["javascript", "a == b", "a != b"],
  ["javascript", "a < b", "a <= b"],
  ["javascript", "a < b", "b < a"],
  ["python", "a - b", "b - a"],
  ["python", "(a + b) * c", "a + b * c"],
  ["python", "(a or b) and c", "a or b and c"],
  ["python", "(x,)", "(x)"],
  ["python", "f(a)", "f(b)"],
  ["python", "f(a, b)", "f(b, a)"],
  ["python", "f()", "f"],
  ["python", "f(", "f()"],
  ["python", "x = b'a'", "x = 'a'"],
  ["python", "x = f'{a}'", "x = '{a}'"],
  ["python", "x = r'\\d'", "x = '\\d'"],
  ["php", "$x = \"$a\";", "$x = '$a';"],
  ["php", "$x = \"\\n\";", "$x = '\\n';"],
  ["c", "x = 'a';", "x = \"a\";"],
  ["rust", "x;", "y;"],
  ["javascript", "a()\nb()", "b()\na()"],
  ["python", "import a", "import b"],
  ["python", "x = 1\ny = 2", "x = 1"],
  ["go", "x = y", "x := y"],
  ["javascript", "`a${b}`", "'a${b}'"],
  ["javascript", "if (a) { b(); c() }", "if (a) b(); c()"],
  ["javascript", "a['b-c']", "a['b']"],
  ["java", "new Foo(a)", "new Foo()"],
  ["go", "f(x, y)", "f(x)"],
  ["javascript", "x = a / b / c", "x = a / c / b"],
  ["javascript", "f(i++)", "f(++i)"],
  ["bash", "[ \"$a\" -eq 1 ]", "[ \"$a\" -ne 1 ]"],
  ["lua", "x = \"it's\"", "x = \"its\""],
  ["python", "\"one\"\n    \" text\"", "\"another\"\n    \" text\""],
  ["python", "f\"a {b}\"\n    f\" c\",\n    d=1", "f\"a {e}\"\n    f\" c\",\n    d=1"],
  ["python", "\"one text\"", "\"another text\""],
  ["javascript", "'one'", "'another'"],
  ["python", "f(b, a=1)", "f(a, b=1)"],
  ["python", "f(a=1)", "f(a=2)"],
  ["javascript", "assert.equal(a, b)", "assert.notEqual(a, b)"],
  ["html", "<p>it's</p>", "<p>its</p>"]
]

describe("the form of code", () => {
  const place = (language: string) => ({ language, isImported: false })
  it.each(alike)("of %s: %j is %j", (language, a, b) => {
    assert.strictEqual(formOf(a, place(language)), formOf(b, place(language)))
  })
  it.each(different)("of %s: %j is not %j", (language, a, b) => {
    assert.notStrictEqual(formOf(a, place(language)), formOf(b, place(language)))
  })
  it("in a list of imports does not know their order", () => {
    const place = { language: "go", isImported: true }
    assert.strictEqual(formOf("\"os\"\n\t\"fmt\"", place), formOf("\"fmt\"\n\n\t\"os\"", place))
    assert.notStrictEqual(formOf("\"os\"\n\t\"fmt\"", place), formOf("\"fmt\"", place))
  })
})
