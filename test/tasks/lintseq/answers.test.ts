import { assert, describe, it } from "@effect/vitest"
import { drawPrograms, textAfter } from "../../support/draw-programs.ts"

const block = (info: string, code: string, fence = "```"): string => `${fence}${info}\n${code}${fence}\n`
const joined = "import os\n\ndef f(a):\n    return os.path.join(a, 'x')\n\nprint(f('y'))\n"
const named = "import os\nprint(os.name)\n"
const marked =
  "import re\n\nMARK = 3\n# strips the ``` marks of an answer\ndef strip(text):\n    return re.sub('x', '', text)\n\nprint(strip('a'))\n"
const script = "const a = 1\nf(a)\n"

/** What each answer holds; null where it holds no program of its language. */
const answers: ReadonlyArray<readonly [what: string, answer: string, program: string | null, language?: string]> = [
  ["a title behind the language", `Here you go:\n${block("python title=\"app.py\"", joined)}`, joined],
  ["a word behind the language", block("python copy", joined), joined],
  ["attributes behind the language", block("py linenums=\"1\" hl_lines=\"2 3\"", joined), joined],
  ["a class in braces", block("{.python}", named), named],
  ["the language in braces", block("{python}", named), named],
  ["a space before the language", block(" python", named), named],
  ["a version in the language", `text\n${block("py3", named)}`, named],
  ["tildes", `text here\n${block("python", named, "~~~")}bye now\n`, named],
  ["no language", `text here\n${block("", named)}bye now\n`, named],
  ["a fence in a comment", `Sure.\n${block("python", marked)}ok\n`, marked],
  ["an output", `${block("python", named)}Output:\n${block("", "posix\n")}`, named],
  ["a session", block("pycon", ">>> import os\n>>> os.name\n'posix'\n"), "import os\nos.name\n"],
  ["Windows' line ends", "Hi\r\n```python\r\nimport os\r\nprint(os.name)\r\n```\r\nbye", "import os\r\nprint(os.name)"],
  ["no end", `Hi\n\`\`\`python\n${named}`, named],
  [
    "two blocks",
    `${block("python", "import os\ndef a():\n    return os.name\n")}Then use it:\n${block("python", "print(a())\n")}`,
    "import os\ndef a():\n    return os.name\n\n\nprint(a())\n"
  ],
  ["a list around it", "1. Do\n\n   ```python\n   import os\n   print(os.name)\n   ```\n", named],
  ["a quote around it", "> ```python\n> import os\n> print(os.name)\n> ```\n", named],
  [
    "blocks of other languages",
    `${block("bash", "pip install a\n")}${block("python", named)}${block("json", "{}\n")}`,
    named
  ],
  [
    "a command before a bare block",
    `${block("bash", "pip install a\n")}${block("", named)}${block("text", "posix\n")}`,
    named
  ],
  ["an output behind a bare block", `${block("", named)}prints\n${block("", "posix\n")}`, named],
  ["a session behind the program", `${block("python", named)}${block("pycon", ">>> 1\n1\n")}`, named],
  [
    "a session that says Python",
    block("python", ">>> for x in a:\n...     f(x)\n...\n0\n... or so\n>>> f(2)\n2\n"),
    "for x in a:\n    f(x)\n\nf(2)\n"
  ],
  ["tags around it", `<think>so</think>\n<answer>\n${block("python", joined)}</answer>`, joined],
  ["words before its fence", `Here is the code:${block("python", joined)}Done`, joined],
  ["the name of a file", block("src/main.py", joined), joined],
  ["thoughts with a draft", `<think>so\n${block("python", "wrong(\n")}</think>\n${block("python", named)}`, named],
  ["thoughts before bare code", `<think>\nso\n</think>\n\n${named}`, named],
  ["tildes that are Python too", `Sure\n~~~python\n${named}`, named],
  [
    "a whole document in a longer fence",
    `${block("markdown", block("python", "a = 1\n"), "````")}${block("python", named)}`,
    named
  ],
  [
    "a fence in a text in a longer fence",
    block("python", `A = '''\n${block("", "a\n")}'''\nprint(A)\n`, "````"),
    `A = '''\n${block("", "a\n")}'''\nprint(A)\n`
  ],
  [
    "a fence in a docstring",
    `def f():\n    '''Like\n\n${block("python", "f()\n")}    '''\n`,
    `def f():\n    '''Like\n\n${block("python", "f()\n")}    '''\n`
  ],
  ["other languages only", `${block("json", "{}\n")}${block("bash", "ls\n")}`, null],
  ["Java for JavaScript", block("java", "A\n"), null, "javascript"],
  ["C for C++", block("c", "int a;\n"), null, "cpp"],
  ["C++ for C++", block("c++", "int a;\n"), "int a;\n", "cpp"],
  ["TypeScript for TypeScript", block("ts", script), script, "typescript"],
  ["a script, which may parse with its fences", block("js", script), script, "javascript"],
  ["a bare script, which parses with its fences", block("", script), script, "javascript"],
  ["a script between tildes, which parses with them", `${block("js", script, "~~~")}ok`, script, "javascript"],
  [
    "fences in the comments of a script",
    `/**\n * \`\`\`ts\n * f()\n * \`\`\`\n */\n${script}`,
    `/**\n * \`\`\`ts\n * f()\n * \`\`\`\n */\n${script}`,
    "typescript"
  ],
  [
    "PHP, which may be any text around it",
    `Sure:\n${block("php", "<?php\n$a = 1;\nf($a);\n")}`,
    "<?php\n$a = 1;\nf($a);\n",
    "php"
  ]
]

describe("answers in Markdown", () => {
  it.each(answers.map(([what, ...rest]) => [what, rest] as const))("with %s", async (_, rest) => {
    const [code, program, language = "python"] = rest
    const { ledger, rows } = await drawPrograms([{ code, language }])
    if (program === null) {
      assert.deepStrictEqual(ledger["programs"]?.leftOut, { [`no block of ${language} in its Markdown`]: 1 })
      return
    }
    assert.deepStrictEqual(ledger["programs"]?.leftOut, {})
    assert.strictEqual(textAfter(rows[0].edit_path).trimEnd(), program.trimEnd())
    assert.strictEqual(rows[0].source_response, code)
  })
})
