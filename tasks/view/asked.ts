/** All that view can be asked. */
import { declare, toggle } from "../shared/asked/asked.ts"
import { file, folder, text, whole } from "../shared/asked/kinds.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"

export const asked = declare({
  task: "view",
  summary: "the rows of a dataset, one by one, filtered, searched and counted",
  sentence: "Look at the rows of a dataset: one by one, filtered, searched, counted.",
  examples: [
    "dataset/train_kto.jsonl",
    "-d dataset",
    "rows.jsonl --row 7",
    "rows.parquet --stats",
    "rows.jsonl --export kept.jsonl"
  ],
  questions: {
    file: {
      kind: file(),
      heading: "Input",
      argument: "only",
      help: "JSON Lines, JSON or Parquet, ours or another tool's",
      more: "Packed by gzip or zstd, or not. A recording (.cast) is played."
    },
    directory: {
      kind: folder(),
      heading: "Input",
      alias: "d",
      help: "A folder: all files of rows in it",
      more: "Tab goes from one to the next."
    },
    filter: {
      kind: text("FIELD=VALUE"),
      heading: "Input",
      help: "Only these rows, as in language=python"
    },
    row: {
      kind: whole({ from: 1 }),
      heading: "Output",
      help: "Print row N, counted from 1, and exit"
    },
    plain: toggle({ heading: "Output", help: "Print all rows as text, one after another" }),
    stats: toggle({
      heading: "Output",
      help: "Print what is in the file",
      more: "Shapes, labels, languages and lengths."
    }),
    json: toggle({ heading: "Output", help: "With --row or --stats: print JSON" }),
    web: toggle({
      heading: "Output",
      help: "Show the rows in a browser",
      more: "Only this machine can reach the page."
    }),
    export: {
      kind: file(),
      heading: "Output",
      help: "Write the rows that are not dropped to a file",
      more: "Labels are given in the viewers. With --filter only rows that pass, and of JSON Lines their own bytes."
    },
    onlyKept: toggle({
      heading: "Output",
      help: "With --export: only rows labelled keep"
    }),
    overwrite: toggle({
      heading: "Output",
      help: "With --export: replace a file of that name"
    }),
    port: {
      kind: whole({ from: 0, to: 65_535 }, "PORT"),
      heading: "Output",
      help: "With --web: the port",
      default: 0,
      otherwise: "a free one"
    },
    ...sandboxAsked
  }
})
