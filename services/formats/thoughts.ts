/**
 * The thoughts of reasoning models, which stand before what they answer: servers that do not take them out send them
 * along. Between tags (DeepSeek-R1, Qwen3 and many others: "<think>"; Magistral: "[THINK]"; Kimi: "◁think▷"; Cohere:
 * "<|START_THINKING|>"), where the first tag may be missing because the template of the chat has written it; or in
 * channels (gpt-oss: https://cookbook.openai.com/articles/openai-harmony).
 */

const names = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|seed:think"

const closing = `<\\/(?:${names})>|\\[\\/THINK\\]|◁\\/think▷|<\\|(?:END_THINKING|end_of_thought)\\|>`

/** A tag that opens thoughts, or one that closes them; group 1 is there in the first case. */
const tag = new RegExp(
  `(<(?:${names})>|\\[THINK\\]|◁think▷|<\\|(?:START_THINKING|begin_of_thought)\\|>)|` +
    closing,
  "gi"
)

/** What opens the answer in a completion that is written in channels; servers may have dropped its marks. */
const finalChannel =
  /<\|channel\|>final[^\n]{0,40}?<\|message\|>|^analysis(?=[\s\S]*?assistantfinal)[\s\S]*assistantfinal/g
const channelEnd = /<\|(?:return|end|call)\|>[\s\S]*$/
const anyChannel = /^\s*(?:<\|start\|>assistant)?<\|channel\|>/

/** What begins or ends a fenced block, on a line of its own or behind a tag: its marks in group 1, then what follows. */
const fenceMarks = new RegExp(`(?<=^|${closing})[ \\t]*(\`{3,}|~{3,})([^\\n]*)`, "gim")

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

interface Fence {
  readonly at: number
  readonly sign: string
  /** How many signs, as far as it matters. */
  readonly length: number
  /** Whether nothing stands behind them, so that it may end a block. */
  readonly isBare: boolean
}

const longestFence = 32

const fenceOf = ({ 1: marks = "", 2: behind = "", index }: RegExpMatchArray): Fence => ({
  at: index ?? 0,
  sign: marks.slice(0, 1),
  length: Math.min(marks.length, longestFence),
  isBare: behind.trim() === ""
})

/** The block that is open behind a fence, given the one before it. */
const next = (open: Fence | undefined, fence: Fence): Fence | undefined =>
  open === undefined
    ? fence
    : fence.isBare && fence.sign === open.sign && fence.length >= open.length
    ? undefined
    : open

/** For each fence, whether a block is left open at the end when one begins to read there. */
const readBackwards = (fences: ReadonlyArray<Fence>): ReadonlyArray<boolean> => {
  const isLeftOpen = Array.from({ length: fences.length + 1 }, () => false)
  /** Where the next fence of a sign and a length is that may end a block. */
  const ends = new Map<string, number>()
  const endOf = ({ length, sign }: Fence): number => {
    let nearest = fences.length
    for (let long = length; long <= longestFence; long++) nearest = Math.min(nearest, ends.get(sign + long) ?? nearest)
    return nearest
  }
  for (let place = fences.length - 1; place >= 0; place--) {
    const fence = fences[place]
    if (fence === undefined) continue
    isLeftOpen[place] = isLeftOpen[endOf(fence) + 1] ?? true
    if (fence.isBare) ends.set(fence.sign + fence.length, place)
  }
  return isLeftOpen
}

/**
 * Returns whether a place in a text is inside of a fenced block, for places that only grow: one is open there, and what
 * stands behind makes no whole blocks when it is read by itself.
 */
const fencesIn = (text: string): (start: number, end: number) => boolean => {
  const fences = [...text.matchAll(fenceMarks)].map(fenceOf)
  const isLeftOpen = readBackwards(fences)
  let before = 0
  let open: Fence | undefined
  return (start, end) => {
    for (; before < fences.length && (fences[before]?.at ?? 0) < start; before++) {
      const fence = fences[before]
      if (fence !== undefined) open = next(open, fence)
    }
    let behind = before
    while (behind < fences.length && (fences[behind]?.at ?? 0) < end) behind++
    return open !== undefined && isLeftOpen[behind] === true
  }
}

/** Returns where the thoughts that begin a text end, 0 where there are none; undefined where they do not end. */
const endOfThoughts = (text: string): number | undefined => {
  const inkFrom = finder(text, /\S/g)
  const blankFrom = finder(text, /\s/g)
  const isFenced = fencesIn(text)
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
