/** A mined edit becomes the draft of a row: its texts, its wrong answer, and what is told of it. */
import { baseModels } from "../../../services/formats/base-models.ts"
import { renderChatMl } from "../../../services/formats/chat-ml.ts"
import { tokensAround } from "../../../services/formats/trainers.ts"
import { dateOfCommit } from "../../../services/history/commit-date.ts"
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import type { LineageChange } from "../../../services/history/lineages.ts"
import type { Dialect, RenderedEdit } from "../../../services/next-edit/dialect.ts"
import type { MinedEdit } from "../../../services/next-edit/mine.ts"
import { lineDiff } from "../../../services/text/diff.ts"
import { countLines, utf8Length } from "../../../services/text/span.ts"
import type { Draft, Refusal } from "../draft.ts"
import type { RowScreen } from "../hygiene/screen.ts"
import { type GenerateSettings, presetOf } from "../settings.ts"
import type { WrongEdit } from "./wrong-edits.ts"

export interface EditDraftRequest {
  readonly settings: GenerateSettings
  readonly repository: string
  readonly part: CommitPart
  /** The change of the file at hand. */
  readonly change: LineageChange
  readonly dialect: Dialect
  readonly edit: MinedEdit
  readonly wrong: WrongEdit | undefined
  /** Name of the licence of what is shown; "" for an unknown one. */
  readonly licence: string
  readonly screen: RowScreen
  readonly countTokens: ((text: string) => number) | null
}

/** Returns the draft, or why its row is left out. */
export const editDraft = (request: EditDraftRequest): Draft | Refusal | string => {
  const { change, dialect, edit, licence, part, repository, screen, settings, wrong } = request
  const { example, kind, rendered } = edit
  const { file: { text }, related, wanted } = example
  const prompt = promptText(rendered)
  const completion = withoutEnd(rendered.completion, settings)
  const negative = wrong === undefined
    ? null
    : { operator: wrong.operator, middle: "", completion: withoutEnd(wrong.completion, settings) }
  const reason = reasonAgainstLength(request, prompt, [completion, negative?.completion ?? ""])
  if (reason !== undefined) return reason
  const { region } = rendered
  const seen = dialect.read(prompt)
  // The last edit may take more room than there is for all of them.
  if (seen?.events.length === 0) return "no edit is shown"
  const above = seen?.above ?? text.slice(0, region.start)
  const below = seen?.below ?? text.slice(region.end)
  const middle = wanted.slice(region.start, wanted.length - (text.length - region.end))
  const hunks = lineDiff(text, wanted)
  const written = hunks.map((hunk) => wanted.slice(hunk.new.start, hunk.new.end)).join("")
  const taken = hunks.map((hunk) => text.slice(hunk.old.start, hunk.old.end)).join("")
  const context = related.filter((excerpt) => prompt.includes(excerpt.text)).map((excerpt) => excerpt.text).join("\n")
  const draft: Draft = {
    side: part.side,
    example: {
      format: dialect.name,
      endsItself: true,
      prompt,
      completion,
      completionWith: () => completion,
      prefix: above,
      middle,
      suffix: below,
      // To do nothing is the right answer in many places.
      answers: kind === "no edit" ? [] : [`${taken}\u0000${written}`],
      context,
      prefixCut: region.start - above.length,
      suffixCut: text.length - region.end - below.length,
      span: region
    },
    negative,
    metadata: {
      repo: repository,
      filepath: change.path,
      language: change.language,
      commit: part.commit,
      parent: part.parent ?? "",
      parent_filepath: change.oldBlob === null ? "" : change.oldPath,
      commit_message: part.subject,
      date: dateOfCommit(change.seconds),
      kind,
      span: [utf8Length(text, 0, region.start), utf8Length(text, 0, region.end)],
      group: part.group,
      negative: "",
      license: licence,
      redacted: false,
      format: dialect.name,
      context_chars: context.length,
      prefix_cut: region.start - above.length,
      suffix_cut: text.length - region.end - below.length,
      answer_in_prompt: holdsAnswer(written, prompt),
      answer_in_context: holdsAnswer(written, context),
      complexity: hunks.length === 0 ? 0 : hunks.length + countLines(taken) + countLines(written)
    }
  }
  return screen(draft, (masked, completions) => reasonAgainstLength(request, masked, completions))
}

/** A model that chats is shown the whole chat, as its tokenizer writes it. */
const promptText = ({ prompt, system }: RenderedEdit): string =>
  system === null ? prompt : renderChatMl({ system, user: prompt })

/** Trainers add the end token of the tokenizer, or get it with those of all rows. */
const withoutEnd = (completion: string, { baseModel }: GenerateSettings): string => {
  const end = baseModels.get(baseModel)?.end ?? ""
  return end !== "" && completion.endsWith(end) ? completion.slice(0, -end.length) : completion
}

const reasonAgainstLength = (
  { countTokens, dialect, settings }: EditDraftRequest,
  prompt: string,
  completions: ReadonlyArray<string>
): string | undefined => {
  const preset = presetOf(settings)
  const longest = completions.reduce((most, one) => (one.length > most.length ? one : most), "")
  const total = prompt.length + longest.length + tokensAround(settings.trainer, preset)
  if (dialect.estimate(prompt + longest) > dialect.maxTokens) return "over the size limit"
  if (total > (settings.nextEdits?.maxTotalChars ?? Number.POSITIVE_INFINITY)) return "over the size limit"
  if (countTokens === null || settings.maxTokens === null) return undefined
  return countTokens(prompt + longest + preset.end) > settings.maxTokens ? "over the token limit" : undefined
}

/** The shortest text whose repetition in the prompt gives it away; shorter ones recur by nature. */
const tellingLength = 20

const holdsAnswer = (written: string, text: string): boolean => {
  const answer = written.trim()
  return answer.length >= tellingLength && text.includes(answer)
}
