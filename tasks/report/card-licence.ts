/** The kind of a licence's name in the head of a card. */
import * as Schema from "effect/Schema"
import spdxNames from "spdx-license-list/simple.js"
import type { Kind } from "../shared/asked/kinds.ts"

/** Names that the Hugging Face Hub has beside those of SPDX, which it writes in small letters. Source: its page on licences. */
const namesOfHub: ReadonlyArray<string> = [
  "other",
  "unknown",
  "apple-amlr",
  "apple-ascl",
  "bigcode-openrail-m",
  "bigscience-bloom-rail-1.0",
  "bigscience-openrail-m",
  "bsd",
  "c-uda",
  "cc",
  "creativeml-openrail-m",
  "deepfloyd-if-license",
  "fair-noncommercial-research-license",
  "gemma",
  "gfdl",
  "gpl",
  "h-research",
  "intel-research",
  "lgpl",
  "lgpl-lr",
  "llama2",
  "llama3",
  "llama3.1",
  "llama3.2",
  "llama3.3",
  "llama4",
  "odbl",
  "odc-by",
  "openrail",
  "openrail++",
  "pddl"
]

const known: ReadonlySet<string> = new Set([...namesOfHub, ...[...spdxNames].map((name) => name.toLowerCase())])

/** A licence as the Hub names it; capital letters do not matter. */
export const cardLicence: Kind<string> = {
  placeholder: "ID",
  takes: "a licence as the Hub or SPDX names it, such as bsd-3-clause, or other, with --license-link for any licence",
  read: (typed) => typed.toLowerCase(),
  is: Schema.is(Schema.String.pipe(Schema.filter((name) => known.has(name)))),
  show: String
}
