/**
 * The edit prediction prompt of Zed's Zeta model: the edits so far, and an excerpt with an editable region that holds
 * the cursor; the completion is the rewritten region. Source of the format: zed-industries/zeta on the Hub.
 */

/** Stands on a line of its own before the editable region. */
export const editableStart = "<|editable_region_start|>"
/** Stands on a line of its own behind the editable region. */
export const editableEnd = "<|editable_region_end|>"
/** Stands where the cursor is. */
export const cursorMark = "<|user_cursor_is_here|>"
/** Stands before an excerpt that begins where its file does. */
export const fileStart = "<|start_of_file|>"

/** Strings of the format itself: a source that holds one cannot be rendered. */
export const zedControls: ReadonlyArray<string> = [editableStart, editableEnd, cursorMark, fileStart]

const instruction = "### Instruction:\n" +
  "You are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt that the " +
  "user provides, suggesting the appropriate edits within the excerpt, taking into account the cursor location.\n\n"
const editsHeading = "### User Edits:\n\n"
const excerptHeading = "\n\n### User Excerpt:\n\n"
const responseHeading = "\n\n### Response:\n\n"
const fence = "```"

/** What a prompt of this format is made from. */
export interface ZedExample {
  readonly path: string
  /** Past edits, oldest first: a path and a unified diff that starts at its first "@@". */
  readonly events: ReadonlyArray<ZedEvent>
  /** Whether the excerpt begins where the file does. */
  readonly startsFile: boolean
  /** Whole lines before the region, each with its end; "" for none. */
  readonly before: string
  /** The region as the user sees it, without the end of its last line. */
  readonly region: string
  /** Where the cursor stands, as a UTF-16 offset in the region. */
  readonly cursor: number
  /** What follows the region: "", or a line end and more lines, without the end of the last one. */
  readonly after: string
  /** The region after the edit. */
  readonly rewritten: string
}

/** Something that the user did before: an edit as a unified diff, or a new name for a file. */
export type ZedEvent =
  | { readonly _tag: "edited"; readonly path: string; readonly diff: string }
  | { readonly _tag: "renamed"; readonly oldPath: string; readonly path: string }

/** Whether a path can be read back from a prompt that holds it. */
export const isZedPath = (path: string): boolean => !/["`\n\r]/.test(path)

const renderEvent = (event: ZedEvent): string =>
  event._tag === "renamed"
    ? `User renamed "${event.oldPath}" to "${event.path}"\n`
    : `User edited "${event.path}":\n${fence}diff\n${event.diff}\n${fence}`

/** UTF-16 units that an event takes in a prompt at the most. */
export const zedEventLength = (event: ZedEvent): number => renderEvent(event).length + betweenEvents.length

/** UTF-16 units of a prompt and its completion beside the texts of the example, the path being part of the rest. */
export const zedFrameLength = (path: string): number => {
  const nothing = { events: [], before: "", region: "", cursor: 0, after: "", rewritten: "" }
  const { completion, prompt } = renderZed({ ...nothing, path, startsFile: true })
  return prompt.length + completion.length
}

const betweenEvents = "\n\n"

/** Renders prompt and completion. The completion ends with the end marker, where clients stop reading. */
export const renderZed = (
  example: ZedExample,
  context = ""
): { readonly prompt: string; readonly completion: string } => ({
  prompt: instruction + (context === "" ? "" : `${context}\n`) + editsHeading +
    example.events.map(renderEvent).join(betweenEvents) + excerptHeading +
    `${fence}${example.path}\n${example.startsFile ? `${fileStart}\n` : ""}${example.before}${editableStart}\n` +
    `${example.region.slice(0, example.cursor)}${cursorMark}${example.region.slice(example.cursor)}\n${editableEnd}` +
    `${example.after}\n${fence}${responseHeading}`,
  completion: renderEditableRegion(example.rewritten)
})

/**
 * Renders a rewritten region as a completion.
 *
 * @example
 * renderEditableRegion("x = 1") // "<|editable_region_start|>\nx = 1\n<|editable_region_end|>"
 */
export const renderEditableRegion = (rewritten: string): string => `${editableStart}\n${rewritten}\n${editableEnd}`

/** What can be read back from a prompt and its completion; the events stay text. */
export interface ParsedZed extends Omit<ZedExample, "events"> {
  readonly events: string
}

/**
 * Parses what `renderZed` wrote; undefined when it has another form. `contextLength` is that of the context, in UTF-16
 * units.
 */
export const parseZed = (prompt: string, completion: string, contextLength = 0): ParsedZed | undefined => {
  const editsAt = instruction.length + (contextLength === 0 ? 0 : contextLength + 1)
  const tail = `\n${fence}${responseHeading}`
  const excerptAt = prompt.indexOf(excerptHeading + fence, editsAt)
  if (
    !prompt.startsWith(instruction) || !prompt.startsWith(editsHeading, editsAt) || !prompt.endsWith(tail) ||
    excerptAt === -1
  ) return undefined
  const excerpt = prompt.slice(excerptAt + excerptHeading.length + fence.length, -tail.length)
  const pathEnd = excerpt.indexOf("\n")
  const body = excerpt.slice(pathEnd + 1)
  const startsFile = body.startsWith(`${fileStart}\n`)
  const text = startsFile ? body.slice(fileStart.length + 1) : body
  const start = text.indexOf(`${editableStart}\n`)
  const end = text.indexOf(`\n${editableEnd}`, start)
  const marked = text.slice(start + editableStart.length + 1, end)
  const cursor = marked.indexOf(cursorMark)
  const rewritten = parseRegion(completion)
  if (start === -1 || end === -1 || cursor === -1 || rewritten === undefined) return undefined
  return {
    path: excerpt.slice(0, pathEnd),
    events: prompt.slice(editsAt + editsHeading.length, excerptAt),
    startsFile,
    before: text.slice(0, start),
    region: marked.slice(0, cursor) + marked.slice(cursor + cursorMark.length),
    cursor,
    after: text.slice(end + 1 + editableEnd.length),
    rewritten
  }
}

/** Returns the UTF-16 units of the context in a prompt, for whom nothing else tells them. */
export const zedContextLength = (prompt: string): number =>
  Math.max(0, prompt.indexOf(editsHeading, instruction.length) - instruction.length - 1)

/** Returns the rewritten region in a completion, or undefined when it holds none. */
export const parseRegion = (completion: string): string | undefined => {
  const end = completion.lastIndexOf(`\n${editableEnd}`)
  return completion.startsWith(`${editableStart}\n`) && end >= editableStart.length
    ? completion.slice(editableStart.length + 1, Math.max(end, editableStart.length + 1))
    : undefined
}
