/** Lines that only bring names into a file. */

const bringing = new RegExp(
  `^\\s*(?:${
    [
      "import\\b",
      "from\\s+\\S+\\s+import\\b",
      "export\\s[^=]*\\sfrom\\s",
      "(?:pub(?:\\([^)]*\\))?\\s+)?use\\s+[\\w:\\\\{]",
      "extern\\s+crate\\b",
      "using\\s+[\\w.]",
      "#\\s*include\\b",
      "(?:include|require)(?:_once|_relative)?\\b",
      "(?:const|let|var)\\s[^=]*=\\s*require\\s*\\("
    ].join("|")
  })`
)
const ofGo = /^\s*(?:[\w.]+\s+)?"[^"]*"\s*$/
const bracket = /^[\s()[\]{};,]*$/

/** Returns whether each line of a text that says something brings names into a file, and one does. */
export const areImports = (path: string, text: string): boolean => {
  const lines = text.split("\n").filter((line) => !bracket.test(line))
  return lines.length > 0 && lines.every((line) => bringing.test(line) || (path.endsWith(".go") && ofGo.test(line)))
}
