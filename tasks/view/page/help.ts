/** What can be done, and with which keys. */
import { byId, element } from "./dom.ts"

const main = byId("main", HTMLElement)

const rules: ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, string]>]> = [
  ["Go", [
    ["l", "the table of all rows; Escape goes there too"],
    ["n p", "next and previous row; while a search is on, next and previous row that holds the text"],
    ["→ ←", "next and previous row, search or not"],
    ["g", "go to a row by its number, or to last"],
    ["Back", "to where you were before"]
  ]],
  ["Find", [
    ["/ s", "search: in a row, Enter goes to the next row that holds the text; in the table, only such rows stay"],
    ["n N", "next and previous hit, and Enter and Shift+Enter too; Escape ends the search"],
    [
      "f",
      "filter: language=python for a value that holds a text, kind==block for a whole value, answer_chars=10..99 for a range"
    ],
    ["c", "no filters"],
    ["t", "figures of the file; a bar filters"]
  ]],
  ["In the table", [
    ["↑ ↓", "choose a row; Page Up, Page Down, Home and End too"],
    ["Enter", "show the chosen row"],
    ["tab", "to the heads of the columns: the name sorts, the bars filter"]
  ]],
  ["In a row", [
    ["e", "open what is folded away, and fold it again"],
    ["m", "metadata"],
    ["[ ]", "states of an edit path"],
    ["r", "type the keys of a row in Vim"],
    ["k d", "keep or drop the row: your labels are kept beside the data"]
  ]]
]

export const showHelp = (): void => {
  main.className = "help"
  main.replaceChildren(
    element("h1", {}, "Help"),
    ...rules.map(([title, keys]) =>
      element(
        "section",
        {},
        element("h2", {}, title),
        element(
          "dl",
          { class: "rules" },
          ...keys.flatMap(([keys, text]) => [
            element("dt", {}, ...keys.split(" ").map((key) => element("kbd", {}, key))),
            element("dd", {}, text)
          ])
        )
      )
    )
  )
}
