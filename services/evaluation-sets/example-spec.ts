/**
 * The files in which Zed keeps examples of next edits: Markdown with a head in TOML. Source of the form: Zed's
 * example_spec, July 2026. This file knows how they are written, and not what they mean.
 */
import MarkdownIt from "markdown-it"
import { parse, stringify } from "smol-toml"
import { isFields } from "../rows/fields.ts"
import { toldIn } from "./told.ts"

/** What such a file holds; "" and empty lists for what it does not. */
export interface ExampleSpec {
  readonly name: string
  readonly repositoryUrl: string
  /** The commit that the edits start from. */
  readonly revision: string
  readonly tags: ReadonlyArray<string>
  /** What was already changed at that commit, as a unified diff. */
  readonly uncommittedDiff: string
  /** What the user did, oldest first, as unified diffs. */
  readonly editHistory: string
  readonly cursorPath: string
  /** Lines of that file, with the cursor marked. */
  readonly cursorPosition: string
  /** Unified diffs, any of which is right. */
  readonly expectedPatches: ReadonlyArray<string>
  /** A unified diff that is wrong; null where none is given. */
  readonly rejectedPatch: string | null
}

const fence = "+++\n"

const markdown = new MarkdownIt("commonmark")
markdown.core.ruler.enableOnly(["block"])

const sections = {
  "uncommitted diff": "uncommittedDiff",
  "edit history": "editHistory",
  "cursor position": "cursorPosition",
  "expected patch": "expectedPatch",
  "rejected patch": "rejectedPatch"
} as const
type SpecSection = typeof sections[keyof typeof sections]

const sectionTitled = (title: string): SpecSection | undefined =>
  Object.entries(sections).find(([name]) => name === title.trim().toLowerCase())?.[1]

/** Returns what a file holds; a reason why it is no such file. */
export const parseExampleSpec = (text: string): ExampleSpec | string => {
  const plain = text.replace(/\r\n?/g, "\n")
  const end = plain.startsWith(fence) ? plain.indexOf(`\n${fence}`, fence.length - 1) : -1
  const head = end === -1 ? {} : headIn(plain.slice(fence.length, end + 1))
  if (head === undefined) return "the head of the file is no TOML"
  const blocks = blocksIn(end === -1 ? plain : plain.slice(end + 1 + fence.length))
  const contentsOf = (section: SpecSection) =>
    blocks.blocks.filter((block) => block.section === section).map(({ content }) => content)
  const cursor = blocks.blocks.findLast(({ section }) => section === "cursorPosition")
  if (cursor === undefined || cursor.info === "" || cursor.content === "") return "no block tells where the cursor is"
  const tags: ReadonlyArray<unknown> = Array.isArray(head["tags"]) ? head["tags"] : []
  return {
    name: blocks.name,
    repositoryUrl: toldIn(head, "repository_url"),
    revision: toldIn(head, "revision"),
    tags: tags.filter((tag) => typeof tag === "string"),
    uncommittedDiff: contentsOf("uncommittedDiff").at(-1) ?? "",
    editHistory: contentsOf("editHistory").join(""),
    cursorPath: cursor.info,
    cursorPosition: cursor.content,
    expectedPatches: contentsOf("expectedPatch"),
    rejectedPatch: contentsOf("rejectedPatch").at(-1) ?? null
  }
}

const headIn = (toml: string) => {
  try {
    const head: unknown = parse(toml)
    return isFields(head) ? head : undefined
  } catch {
    return undefined
  }
}

interface SpecBlock {
  readonly section: SpecSection | undefined
  readonly info: string
  readonly content: string
}

/** Returns the fenced blocks of a text, each with the heading that it stands under, and the heading of all. */
const blocksIn = (text: string): { readonly name: string; readonly blocks: ReadonlyArray<SpecBlock> } => {
  const tokens = markdown.parse(text, {})
  const blocks: Array<SpecBlock> = []
  let name = ""
  let section: SpecSection | undefined
  for (const [at, { content, info, tag, type }] of tokens.entries()) {
    if (type === "heading_open" && tag === "h1") name = tokens[at + 1]?.content ?? ""
    if (type === "heading_open" && tag === "h2") section = sectionTitled(tokens[at + 1]?.content ?? "")
    if (type === "fence") blocks.push({ section, info: info.trim(), content })
  }
  return { name, blocks }
}

/** Renders a file. Texts get a line end where they have none; `parseExampleSpec` reads back the rest as it was. */
export const renderExampleSpec = (spec: ExampleSpec): string => {
  const head = {
    repository_url: spec.repositoryUrl,
    revision: spec.revision,
    ...(spec.tags.length === 0 ? {} : { tags: [...spec.tags] })
  }
  const diffs = (texts: ReadonlyArray<string>) => texts.map((text) => block("diff", text)).join("\n")
  return [
    `${fence}${ended(stringify(head))}${fence}`,
    `# ${spec.name}\n`,
    ...(spec.uncommittedDiff === "" ? [] : ["## Uncommitted Diff\n", block("diff", spec.uncommittedDiff)]),
    "## Edit History\n",
    spec.editHistory === "" ? "(No edit history)\n" : block("diff", spec.editHistory),
    "## Cursor Position\n",
    block(spec.cursorPath, spec.cursorPosition),
    "## Expected Patch\n",
    diffs(spec.expectedPatches),
    ...(spec.rejectedPatch === null ? [] : ["## Rejected Patch\n", block("diff", spec.rejectedPatch)])
  ].join("\n")
}

/** A fence that is longer than any run of its sign within. */
const block = (info: string, content: string): string => {
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map(({ length }) => length))
  const signs = "`".repeat(Math.max(3, longest + 1))
  return `${signs}${info}\n${content === "" ? "" : ended(content)}${signs}\n`
}

const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`)
