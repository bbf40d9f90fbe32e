/** What the rows of a type ask of a model, in a sentence for someone who has never seen such rows. */
import { addUp, type SurveyedType } from "./survey.ts"

const sentences: Readonly<Record<string, string>> = {
  ZED:
    "shows part of a file, the edits that led there and the cursor, and asks for the lines around the cursor as they " +
    "are after the next edit (the prompt of Zed's edit prediction)",
  PSM: "shows what stands before and behind a place in a file, and asks for what stands there (fill-in-the-middle)"
}

/** Returns the sentence; "" where the rows do not say in which format they are. */
export const whatRowsAsk = ({ files }: SurveyedType): string => {
  const formats = Object.keys(addUp(files.map(({ stats }) => stats.fields["format"] ?? {})))
  const told = new Set(formats.flatMap((format) => sentences[/^(?:PSM|SPM\d)$/.test(format) ? "PSM" : format] ?? []))
  return told.size === 0 ? "" : `A row ${[...told].join(", or it ")}.`
}
