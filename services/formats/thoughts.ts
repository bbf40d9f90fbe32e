/**
 * The thoughts of reasoning models, which stand before what they answer: servers that do not take them out send them
 * along. Between tags (DeepSeek-R1, Qwen3 and many others: "<think>"; Magistral: "[THINK]"; Kimi: "◁think▷"; Cohere:
 * "<|START_THINKING|>"), where the first tag may be missing because the template of the chat has written it; or in
 * channels (gpt-oss: https://cookbook.openai.com/articles/openai-harmony).
 */

const names = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|seed:think"

/** A tag that opens thoughts, or one that closes them; group 1 is there in the first case. */
const tag = new RegExp(
  `(<(?:${names})>|\\[THINK\\]|◁think▷|<\\|(?:START_THINKING|begin_of_thought)\\|>)|` +
    `<\\/(?:${names})>|\\[\\/THINK\\]|◁\\/think▷|<\\|(?:END_THINKING|end_of_thought)\\|>`,
  "gi"
)

/** What opens the answer in a completion that is written in channels; servers may have dropped its marks. */
const finalChannel =
  /<\|channel\|>final[^\n]{0,40}?<\|message\|>|^analysis(?=[\s\S]*?assistantfinal)[\s\S]*assistantfinal/g
const channelEnd = /<\|(?:return|end|call)\|>[\s\S]*$/
const anyChannel = /^\s*(?:<\|start\|>assistant)?<\|channel\|>/

const fence = "[ \\t]*(?:`{3,}|~{3,})"
const fenceLine = new RegExp(`^${fence}`, "gm")
const fenceHere = new RegExp(fence, "y")

/** Returns the first place from an offset on that a pattern matches, for offsets that only grow. */
const finder = (text: string, pattern: RegExp): (from: number) => number => {
  let found = -1
  return (from) => {
    if (found >= from) return found
    pattern.lastIndex = from
    found = pattern.exec(text)?.index ?? text.length
    return found
  }
}

/** Returns whether a place in a text is inside of a fenced block that is closed behind it, for places that only grow. */
const fences = (text: string): (start: number, end: number) => boolean => {
  const lines = [...text.matchAll(fenceLine)].map(({ index }) => index)
  let before = 0
  return (start, end) => {
    while (before < lines.length && (lines[before] ?? 0) < start) before++
    fenceHere.lastIndex = end
    const behind = lines.length - before + (fenceHere.test(text) ? 1 : 0)
    return before % 2 === 1 && behind % 2 === 1
  }
}

/** Returns where the thoughts that begin a text end, 0 where there are none; undefined where they do not end. */
const endOfThoughts = (text: string): number | undefined => {
  const inkFrom = finder(text, /\S/g)
  const blankFrom = finder(text, /\s/g)
  const isFenced = fences(text)
  /**
   * A closing tag that nothing opened ends thoughts, or is typed into a text, as in "i</think><Esc>": thoughts have
   * blanks in them, or a line end behind them, and stand in no block.
   */
  const endsThoughts = (start: number, stop: number) =>
    !isFenced(start, stop) && (blankFrom(inkFrom(end)) < start || stop === text.length || /\s/.test(text[stop] ?? ""))
  let end = 0
  let depth = 0
  let opened = -1
  for (const { 0: { length }, 1: opening, index } of text.matchAll(tag)) {
    if (opening === undefined) {
      if (depth === 0 && !endsThoughts(index, index + length)) continue
      depth = Math.max(0, depth - 1)
      end = index + length
    } else if (depth > 0) depth++
    else if (inkFrom(end) === index) {
      depth = 1
      opened = index
    }
  }
  // A tag that the thoughts only speak of opens none.
  return depth > 0 && end <= opened ? undefined : end
}

/**
 * Returns a completion without the thoughts before its answer; undefined where they do not end, so that there is no
 * answer.
 *
 * @example
 * withoutThoughts("<think>maybe dd</think>\nx") // "\nx"
 */
export const withoutThoughts = (completion: string): string | undefined => {
  const final = [...completion.matchAll(finalChannel)].at(-1)
  if (final !== undefined) return completion.slice(final.index + final[0].length).replace(channelEnd, "")
  if (anyChannel.test(completion)) return undefined
  const end = endOfThoughts(completion)
  return end === undefined ? undefined : completion.slice(end)
}
