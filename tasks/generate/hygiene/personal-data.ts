/** Rows without personal data: masked, or left out. */
import { maskPersonalData, personalDataIn } from "../../../services/hygiene/personal-data.ts"
import type { Draft } from "../draft.ts"
import type { Example } from "../example.ts"

/** Why a row is left out. */
export const personalDataFound = "personal data"

/**
 * Returns the draft as it was where it holds none, and masked where it does; or why it is left out, as one is whose datum
 * could not be masked without a trace, since it is cut in two.
 */
export const withoutPersonalData = (draft: Draft, choice: "mask" | "leave-out"): Draft | string => {
  const { example, metadata, negative } = draft
  const { answers, completion, context, middle, prefix, prompt, suffix } = example
  const paths = [metadata.filepath, metadata.parent_filepath]
  if (isCutInTwo(example) || paths.some(holdsPersonalData)) return personalDataFound
  const shown = [prompt, completion, negative?.completion ?? "", metadata.commit_message]
  if (!shown.some(holdsPersonalData)) return draft
  if (choice === "leave-out") return personalDataFound
  const { texts } = maskPersonalData([
    ...shown,
    prefix,
    middle,
    suffix,
    context,
    negative?.middle ?? "",
    ...answers
  ])
  const [asked = "", answered = "", wrong = "", message = "", before = "", between = "", behind = "", other = ""] =
    texts
  return {
    ...draft,
    example: {
      ...example,
      prompt: asked,
      completion: answered,
      completionWith: () => answered,
      prefix: before,
      middle: between,
      suffix: behind,
      context: other,
      answers: texts.slice(-answers.length || texts.length)
    },
    negative: negative === null ? null : { ...negative, completion: wrong, middle: texts[8] ?? "" },
    metadata: { ...metadata, commit_message: message, redacted: true }
  }
}

const holdsPersonalData = (text: string): boolean => personalDataIn(text).length > 0

/** Tokens of models that may stand inside of a word, such as that of the cursor. */
const marker = /<\|[^|<>\n]{1,40}\|>/g

/** Whether a datum reaches across a place where the row is cut. */
const isCutInTwo = ({ middle, prefix, prompt, suffix }: Example): boolean => {
  const reaches = (texts: ReadonlyArray<string>): boolean => {
    const seams: Array<number> = []
    for (const text of texts) seams.push((seams[seams.length - 1] ?? 0) + text.length)
    return personalDataIn(texts.join("")).some(({ span }) => seams.some((seam) => span.start < seam && seam < span.end))
  }
  if (reaches([prefix, middle, suffix]) || reaches([prefix, suffix])) return true
  return reaches(prompt.split(marker))
}
