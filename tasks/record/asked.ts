/** All that record can be asked. */
import * as Schema from "effect/Schema"
import { declare, toggle } from "../shared/asked/asked.ts"
import { duration, file, type Kind, whole } from "../shared/asked/kinds.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"
import { keysAsked, notation, textAsked } from "../shared/asked/text.ts"

const castVersion: Kind<2 | 3> = {
  placeholder: "2|3",
  takes: "2 or 3",
  read: Number,
  is: Schema.is(Schema.Literal(2, 3)),
  show: String,
  choices: ["2", "3"]
}

/** A terminal with a longer side is none that anybody looks at. */
const side = whole({ from: 2, to: 1000 })

export const asked = declare({
  task: "record",
  summary: "keystrokes typed while the terminal is recorded, as an asciicast",
  sentence: "Record Vim while keystrokes are typed into it: an asciicast, the same bytes for the same input.",
  examples: [
    "--keys 'iHello, Vim!<Esc>' --output hello.cast",
    "--source a.py --keys 'jdd' -o a.cast --interval 300ms --gif a.gif"
  ],
  questions: {
    keys: { ...keysAsked, required: "Cannot record without keys: pass --keys, such as 'iHello, Vim!<Esc>'" },
    notation,
    ...textAsked,
    output: {
      kind: file(),
      heading: "Output",
      alias: "o",
      help: "File for the recording",
      otherwise: "standard output"
    },
    version: {
      kind: castVersion,
      heading: "Output",
      flag: "cast-version",
      help: "Version of the asciicast format",
      default: 2
    },
    interval: {
      kind: duration(),
      heading: "Output",
      help: "Time from key to key, as in 120ms or 0.5s",
      default: 0.12
    },
    columns: { kind: side, heading: "Output", help: "Columns of the terminal", default: 80 },
    rows: { kind: side, heading: "Output", help: "Rows of the terminal", default: 24 },
    gif: {
      kind: file(),
      heading: "Output",
      help: "Also render a GIF, with the program agg"
    },
    svg: {
      kind: file(),
      heading: "Output",
      help: "Also render an SVG, with the program svg-term"
    },
    overwrite: toggle({ heading: "Output", help: "Replace files of the same names" }),
    ...sandboxAsked
  }
})
