/** What the rows of a type ask of a model, in a sentence for someone who has never seen such rows. */
import { addUp, type SurveyedType } from "./survey.ts"
import { percent } from "./wording.ts"

const sentences: Readonly<Record<string, string>> = {
  ZED:
    "shows part of a file, the edits that led there and the cursor, and asks for the lines around the cursor as they " +
    "are after the next edit (the prompt of Zed's edit prediction)",
  zeta1:
    "shows part of a file, the edits that led there and the cursor, and asks for the lines around the cursor as they " +
    "are after the next edit (the prompt of Zed's first model)",
  zeta2:
    "shows part of a file with the cursor, the edits that led there and parts of related files, and asks for the lines " +
    "around the cursor as they are after the next edit (the prompt of Zed's zeta2)",
  "zeta2.1":
    "shows part of a file with the cursor, the edits that led there and parts of related files, and asks for the lines " +
    "that the next edit changes, between two of the numbered borders around the cursor (the prompt of Zed's zeta2.1)",
  sweep:
    "shows earlier edits, and the lines around the cursor before the last edit and as they are, and asks for these " +
    "lines as they are after the next edit (the prompt of Sweep's models of 0.5 and 1.5 billion parameters)",
  "sweep-v2":
    "shows a file around the cursor, the edits that led there, and a block of it before the last edit and as it is, and " +
    "asks for the block as it is after the next edit (the prompt of Sweep's model v2 of 7 billion parameters)",
  instinct:
    "shows, in a chat, parts of related files, the edits that led there, and part of a file with the cursor, and asks " +
    "for the lines around the cursor as they are after the next edit (the prompt of Continue's Instinct)",
  PSM: "shows what stands before and behind a place in a file, and asks for what stands there (fill-in-the-middle)"
}

/** Returns the sentence; "" where the rows do not say in which format they are. */
export const whatRowsAsk = ({ files, nextEdits }: Pick<SurveyedType, "files" | "nextEdits">): string => {
  const formats = Object.keys(addUp(files.map(({ stats }) => stats.fields["format"] ?? {})))
  const told = new Set(formats.flatMap((format) => sentences[/^(?:PSM|SPM\d)$/.test(format) ? "PSM" : format] ?? []))
  return told.size === 0 ? "" : `A row ${[...told].join(", or it ")}.${sharesOf(nextEdits)}`
}

/** Of next edits, how many rows want none, and how many stop in the middle of a line. */
const sharesOf = (nextEdits: SurveyedType["nextEdits"]): string => {
  if (nextEdits === null) return ""
  const { halfTyped, quiet } = nextEdits
  const quietShare = quiet.of === 0
    ? ""
    : ` ${percent(quiet.hit / quiet.of)} of the wanted answers change nothing, because nothing is left to do.`
  return halfTyped.of === 0
    ? quietShare
    : `${quietShare} ${percent(halfTyped.hit / halfTyped.of)} of the rows stop in a line that is half typed.`
}
