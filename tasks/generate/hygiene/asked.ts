/** What generate can be asked of rows that are to be published. */
import { file, listOf, oneOf, repeated, text } from "../../shared/asked/kinds.ts"
import type { Kind } from "../../shared/asked/kinds.ts"
import { personalDataChoices } from "./settings.ts"

/** Addresses between commas, or one path, which may hold commas. */
const authors: Kind<ReadonlyArray<string>> = {
  ...listOf({ ...text("LIST"), takes: "e-mail addresses, @ and a domain, or a file of them" }),
  read: (typed) => (typed.includes("@") ? typed.split(/[,\s]+/).filter((part) => part !== "") : [typed]),
  completes: "files"
}

export const hygieneAsked = {
  licenses: {
    kind: listOf({ ...text("LIST"), takes: "SPDX names of licences, permissive, or any" }),
    heading: "Publish",
    help: "Only code of these licences, as in permissive",
    more:
      "SPDX names such as MIT,Apache-2.0; permissive stands for those that ask for no more than to keep their notice, any " +
      "leaves nothing out and only tells. The licence is that which the head of a row's file names, or else that of the " +
      "nearest folder above it with a licence file, as it was at the row's commit.",
    otherwise: "licences are not looked at"
  },
  decontaminate: {
    kind: repeated(file()),
    heading: "Publish",
    help: "Leave out what holds a task of a benchmark",
    more:
      "JSON Lines, packed or not, Parquet, or a plain text, which is one task. A row is left out that has three runs of ten " +
      "words in common with one task; contaminated.jsonl says which.",
    default: []
  },
  personalData: {
    kind: oneOf(personalDataChoices, { placeholder: "WHAT" }),
    heading: "Publish",
    help: "keep, mask or leave-out addresses in texts",
    more:
      "E-mail addresses, public IPv4 addresses and phone numbers; names of people are not looked for. Where something was " +
      "masked, metadata.redacted is true, and the span no longer gives the text of the file.",
    default: "keep"
  },
  excludeAuthors: {
    kind: authors,
    heading: "Publish",
    help: "Leave out commits of these e-mail addresses",
    more:
      "@ and a domain stands for all of the domain and those below it; what holds no @ is a file of one a line. What they " +
      "wrote still shows where others changed the same files later.",
    default: []
  },
  excludePaths: {
    kind: listOf({ ...text("GLOBS"), takes: "globs as in .gitignore" }),
    heading: "Publish",
    help: "Leave out these files, as in docs/,*.gen.ts",
    more: "As lines of .gitignore at the top of the repository: the last one that fits counts, and ! takes back.",
    default: []
  }
} as const
