import { assert, describe, it } from "@effect/vitest"
import { fencedBlocks, languageOfInfo } from "../../../services/formats/fenced-blocks.ts"

describe("fenced blocks", () => {
  it.each<readonly [what: string, text: string, contents: ReadonlyArray<string>]>([
    ["between backticks", "a\n```py\nx\n```\nb\n", ["x\n"]],
    ["between tildes", "~~~\nx\n~~~", ["x\n"]],
    ["between longer fences, with shorter ones in them", "````md\n```py\nx\n```\n````\n", ["```py\nx\n```\n"]],
    ["of tildes with backticks in them", "~~~\n```\nx\n```\n~~~\n", ["```\nx\n```\n"]],
    ["that end with a longer fence", "```\nx\n`````\ny\n", ["x\n"]],
    ["not ended by a fence with words behind it", "```\nx\n``` y\nz\n```\n", ["x\n``` y\nz\n"]],
    ["not ended in the middle of a line", "```\n# of ``` marks\nx\n```\n", ["# of ``` marks\nx\n"]],
    ["not ended by an indented fence", "```\nx\n    ```\ny\n```\n", ["x\n    ```\ny\n"]],
    ["up to the end of the text", "```py\nx\n\ny", ["x\n\ny"]],
    ["with their indent removed", "  ```\n  x\n   y\n z\n  ```\n", ["x\n y\nz\n"]],
    ["in lists", "1. do\n\n   ```py\n   if x:\n       y\n   ```\n2. then\n", ["if x:\n    y\n"]],
    ["in lists, up to the end of the item", "- ```\n  x\n\ny\n", ["x\n\n"]],
    ["in quotes", "> ```\n> x\n>\n> y\n> ```\n", ["x\n\ny\n"]],
    ["in quotes, up to their end", "> ```\n> x\ny\n", ["x\n"]],
    ["in quotes in lists", "- > ```\n  > x\n  > ```\n", ["x\n"]],
    ["behind tabs", "-\t```\n\tx\n\t\ty\n\t```\n", ["x\n\ty\n"]],
    ["with the line ends of the text", "a\r\n```\r\nx\r\ny\n```\r\n", ["x\r\ny\n"]],
    ["between lone returns", "a\r```\rx\ry\r```\r", ["x\ry\r"]],
    ["with nothing in them", "```\n```\n", [""]],
    ["with NUL in them", "```\nx\0\n```\n", ["x\0\n"]],
    ["not in indented code", "a\n\n    ```\n    x\n    ```\n", []],
    ["not in HTML", "<pre>\n```\nx\n```\n</pre>\n", []],
    ["not in comments of HTML", "<!--\n```\nx\n```\n-->\n", []],
    ["not in comments in one line only", "<!-- a -->\n```\nx\n```\n", ["x\n"]],
    ["below tags", "<answer>\n```py\nx\n\ny\n```\n</answer>\n", ["x\n\ny\n"]],
    ["below several tags", "<details>\n<summary>a</summary>\n```py\nx\n```\n</details>\n", ["x\n"]],
    ["behind words, where they name their language", "Here:```python\nx\n\n y\n```\nDone\n", ["x\n\n y\n"]],
    ["behind words in a paragraph and a list", "a\nb: ```py\nx\n```\n- c ```py\n  y\n  ```\n", ["x\n", "y\n"]],
    ["not behind words without an end", "Here:```python\nx\n", []],
    ["not behind words without a language", "Here:```\nx\n```\n", [""]],
    ["not behind words with ticks before them", "a `b` ```py\nx\n```\n", [""]],
    ["behind a byte order mark", "\ufeff```py\nx\n```\n", ["x\n"]],
    ["behind a blank line in HTML", "<details>\n\n```\nx\n```\n\n</details>\n", ["x\n"]],
    ["not in code spans", "a ```x``` b\n", []],
    ["not where backticks stand behind backticks", "``` a`b\nx\n```\n", [""]],
    ["not behind two backticks", "``\nx\n``\n", []]
  ])("are found %s", (_, text, contents) => {
    assert.deepStrictEqual(fencedBlocks(text).map(({ content }) => content), contents)
  })

  it("say where they start and what they are", () => {
    const text = "a\r\n> - ```  py x=\"1\"  \r\n>   y\r\n"
    assert.deepStrictEqual(fencedBlocks(text).map(({ info, offset }) => [info, text.slice(offset, offset + 8)]), [
      ["py x=\"1\"", "> - ``` "]
    ])
  })

  it("are found at any depth and length in time", () => {
    const deep = [
      ">".repeat(60_000),
      "- ".repeat(60_000),
      "[".repeat(60_000),
      "a\n- b\n> c\n".repeat(9000),
      "`".repeat(60_000),
      "a ```py\nx\n".repeat(30_000),
      "a ```py\n".repeat(60_000),
      `a${" ".repeat(60_000)}b`,
      "<!--\n".repeat(60_000),
      "<a>\n".repeat(60_000)
    ]
    for (const text of deep) assert.isArray(fencedBlocks(`${text}\n\n\`\`\`py\nx\n\`\`\`\n`))
  })

  it.each([
    ["python title=\"app.py\"", "python"],
    ["python copy", "python"],
    ["py linenums=\"1\" hl_lines=\"2 3\"", "python"],
    ["{.python}", "python"],
    ["{ .python .numberLines startFrom=\"1\" }", "python"],
    ["{python}", "python"],
    ["{python, echo=FALSE}", "python"],
    ["{code-cell} python", "python"],
    ["{code-block} c++", "cpp"],
    ["py3", "python"],
    ["python3", "python"],
    ["python-3.11", "python"],
    ["Python", "python"],
    ["python:src/app.py", "python"],
    ["python=", "python"],
    ["language-python", "python"],
    ["rust,no_run", "rust"],
    ["rs", "rust"],
    ["golang", "go"],
    ["c++", "cpp"],
    ["c++17", "cpp"],
    ["c#", "c-sharp"],
    ["cs", "c-sharp"],
    ["c", "c"],
    ["c99", "c"],
    ["js{1,3-4}", "javascript"],
    ["jsx", "javascript"],
    ["node", "javascript"],
    ["ts", "typescript"],
    ["tsx", "tsx"],
    ["typescript", "typescript"],
    ["php8", "php"],
    ["rb", "ruby"],
    ["java", "java"],
    ["javascript", "javascript"],
    ["{.sourceCode .python}", "python"],
    ["{#list-1 .python .numberLines}", "python"],
    ["ipython3", "python"],
    ["\"python\"", "python"],
    ["main.py", "python"],
    ["src/app/main.go", "go"],
    ["12:15:app/main.rs", "rust"],
    ["text", undefined],
    ["output.txt", undefined],
    ["{.text}", undefined],
    ["output", undefined],
    ["json", undefined],
    ["console", undefined],
    ["{#id}", undefined],
    ["", undefined]
  ])("whose info is %j are of %s", (info, language) => {
    assert.strictEqual(languageOfInfo(info), language)
  })
})
