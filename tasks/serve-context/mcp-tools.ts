/**
 * The tools that models are offered over MCP: context of a place, definitions of a name, the outline of a file, search.
 * Each reads only, and answers with a text for the model, cut to a budget, and the same as values.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { styleNamed } from "../../services/formats/context-style.ts"
import { defaultContextBudget, type DefinedName } from "../../services/Index.ts"
import { type Defaults, largestBudget, placeAsked, requestFor } from "./ask.ts"
import { ErrorCode, Refused, refusing } from "./protocol.ts"
import { PositionAsked, readParams } from "./requests.ts"
import type { Workspace } from "../shared/workspace.ts"

/** What a tool says: for the model, and as values that fit the tool's schema. */
export interface ToolAnswer {
  readonly text: string
  readonly structured: Readonly<Record<string, unknown>>
}

export interface ModelTool {
  /** As `tools/list` tells it. */
  readonly told: Readonly<Record<string, unknown>> & { readonly name: string }
  readonly call: (project: Workspace, root: string, given: unknown) => Effect.Effect<ToolAnswer, Refused>
}

type JsonSchema = Readonly<Record<string, unknown>>

const text: JsonSchema = { type: "string" }
const number: JsonSchema = { type: "number" }
const count: JsonSchema = { type: "integer", minimum: 0 }

/** Clients that must write down every argument write null for those that they leave out. */
const orNull = (schema: JsonSchema, description: string): JsonSchema => ({
  anyOf: [schema, { type: "null" }],
  description
})

const object = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required
})

const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items })

const budgetAsked = orNull(count, `Characters of the answer at the most; ${defaultContextBudget} when left out`)
const fileAsked = { ...text, description: "Path of the file, absolute or from the project's root" }
const span = { path: text, startLine: count, endLine: count }
const declared = { name: text, kind: text, container: text, startLine: count, endLine: count, signature: text }

/** The budget that every tool takes. */
const Budget = { budget: Schema.optional(Schema.NonNegativeInt) }

interface ToolPlan<A, I> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: JsonSchema
  readonly output: Readonly<Record<string, JsonSchema>>
  readonly arguments: Schema.Schema<A, I>
  readonly answer: (project: Workspace, asked: A) => Effect.Effect<ToolAnswer, Refused>
}

const toolOf = <A, I>(plan: ToolPlan<A, I>): ModelTool => {
  const read = readParams(plan.arguments, true)
  return {
    told: {
      name: plan.name,
      title: plan.title,
      description: plan.description,
      inputSchema: plan.input,
      outputSchema: object({ root: text, ...plan.output }),
      annotations: {
        title: plan.title,
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false
      }
    },
    call: (project, root, given) =>
      Effect.map(
        Effect.flatMap(refusing(() => read(given)), (asked) => plan.answer(project, asked)),
        ({ structured, text }) => ({ text, structured: { root, ...structured } })
      )
  }
}

/** Clients that name no sources get both. */
const defaults: Defaults = { hasChunks: true, isNegotiated: true, encoding: undefined }

const getContext = toolOf({
  name: "get_context",
  title: "Code context",
  description: "Signatures and code of other files of the project that matter at a place in a file: what the file " +
    "imports, inherits and mentions, and code like that around the place.",
  input: object({
    filepath: fileAsked,
    content: orNull(text, "Text of the file as it is now; what lies on disk when left out"),
    position: orNull(
      object({ line: count, character: count }),
      "The place, counted from 0; the middle of the file when left out"
    ),
    budget: budgetAsked
  }, ["filepath"]),
  output: { context: text, snippets: listOf(object({ ...span, source: text, reason: text })) },
  arguments: Schema.Struct({
    filepath: Schema.String,
    content: Schema.optional(Schema.String),
    position: Schema.optional(PositionAsked),
    ...Budget
  }),
  answer: Effect.fnUntraced(function*(project, asked) {
    const content = asked.content ?? (yield* project.read(project.pathOf(asked.filepath)))
    if (content === null) {
      return yield* refused(
        `cannot read "${asked.filepath}": the project has no such text file of up to 1 MiB; pass content`
      )
    }
    const place = yield* refusing(() => placeAsked({ ...asked, content }, project.pathOf, new Map(), defaults))
    const request = requestFor(asked, place, defaults, styleNamed(undefined, place.path))
    const { snippets, text } = yield* project.context(new Map(), request)
    return {
      text,
      structured: {
        context: text,
        snippets: snippets.map(({ endLine, path, reason, source, startLine }) => ({
          path,
          startLine,
          endLine,
          source,
          reason
        }))
      }
    }
  })
})

const getDefinition = toolOf({
  name: "get_definition",
  title: "Definition of a name",
  description: "Where the project defines a class, function, method or value, and its code.",
  input: object({
    name: { ...text, description: "The name, which what holds it may stand before: Basket, Basket.add, shop::Basket" },
    budget: budgetAsked
  }, ["name"]),
  output: { definitions: listOf(object({ ...span, ...declared, text })), total: count },
  arguments: Schema.Struct({ name: Schema.String, ...Budget }),
  answer: (project, { budget, name }) =>
    Effect.map(project.lookUp((index) => index.definitions(name)), (all) => {
      const shown = fitting(all, budget, (one) => `${headOf(one)}\n${one.text}\n`)
      return {
        text: all.length === 0 ? `The project defines no ${name}; search_code finds words.` : textOf(shown, all.length),
        structured: {
          definitions: shown.map(({ item, text: code }) => ({ ...item, text: codeIn(code) })),
          total: all.length
        }
      }
    })
})

const getOutline = toolOf({
  name: "get_outline",
  title: "Outline of a file",
  description: "What a file of the project defines, with signatures and lines.",
  input: object({ filepath: fileAsked, budget: budgetAsked }, ["filepath"]),
  output: { path: text, symbols: listOf(object(declared)), total: count },
  arguments: Schema.Struct({ filepath: Schema.String, ...Budget }),
  answer: Effect.fnUntraced(function*(project, { budget, filepath }) {
    const path = project.pathOf(filepath)
    const all = yield* project.lookUp((index) => index.outline(path))
    if (all === undefined) {
      return yield* refused(`"${filepath}" is no source file of the project, or one that is left out of it`)
    }
    const shown = fitting(
      all,
      budget,
      (one) => `${one.container === "" ? "" : "  "}${one.startLine}: ${one.signature}\n`
    )
    return {
      text: `${path}\n${textOf(shown, all.length)}`,
      structured: { path, symbols: shown.map(({ item }) => symbolOf(item)), total: all.length }
    }
  })
})

const mostHits = 50

const searchCode = toolOf({
  name: "search_code",
  title: "Search in code",
  description: "Code of the project that shares most with some words, best first (BM25; words may be parts of names).",
  input: object({
    query: { ...text, description: "Words or names to look for" },
    limit: orNull({ ...count, maximum: mostHits }, "Stretches of code at the most; 10 when left out"),
    budget: budgetAsked
  }, ["query"]),
  output: { hits: listOf(object({ ...span, text, score: number })) },
  arguments: Schema.Struct({
    query: Schema.String,
    limit: Schema.optional(Schema.NonNegativeInt),
    ...Budget
  }),
  answer: (project, { budget, limit = 10, query }) =>
    Effect.map(project.lookUp((index) => index.search(query, Math.min(limit, mostHits))), (all) => {
      const shown = fitting(all, budget, (one) => `${placeOf(one)}\n${one.text.trimEnd()}\n`)
      return {
        text: all.length === 0 ? "Nothing of the project has these words." : textOf(shown, all.length),
        structured: { hits: shown.map(({ item }) => item) }
      }
    })
})

/** The tools in the order in which they are told. */
export const modelTools: ReadonlyArray<ModelTool> = [getContext, getDefinition, getOutline, searchCode]

const refused = (message: string) => Effect.fail(new Refused(ErrorCode.InvalidParams, message))

const placeOf = (
  { endLine, path, startLine }: { readonly path: string; readonly startLine: number; readonly endLine: number }
) => `${path}:${startLine}-${endLine}`

const headOf = (one: DefinedName): string =>
  `${placeOf(one)} ${one.kind}${one.container === "" ? "" : ` in ${one.container}`}`

interface Shown<A> {
  readonly item: A
  readonly text: string
  readonly isCut: boolean
}

/** Returns what fits into the budget; the first is cut at the end of a line rather than left out. */
const fitting = <A>(
  items: ReadonlyArray<A>,
  budget: number | undefined,
  render: (item: A) => string
): ReadonlyArray<Shown<A>> => {
  let left = Math.min(budget ?? defaultContextBudget, largestBudget)
  const shown: Array<Shown<A>> = []
  for (const item of items) {
    const whole = render(item)
    const isCut = whole.length > left
    const text = !isCut ? whole : shown.length === 0 ? whole.slice(0, whole.lastIndexOf("\n", left - 1) + 1) : ""
    if (text === "") break
    shown.push({ item, text, isCut })
    left -= text.length
  }
  return shown
}

/** The path of an outline stands above it. */
const symbolOf = ({ container, endLine, kind, name, signature, startLine }: DefinedName) => ({
  name,
  kind,
  container,
  startLine,
  endLine,
  signature
})

const codeIn = (rendered: string): string => rendered.slice(rendered.indexOf("\n") + 1)

/** The texts, and a word where they are not all of it. */
const textOf = (shown: ReadonlyArray<Shown<unknown>>, all: number): string => {
  const isAll = shown.length === all && !shown.some(({ isCut }) => isCut)
  const rest = isAll ? "" : `${shown.length} of ${all} shown, as far as the budget goes: pass a larger one\n`
  return shown.map(({ text }) => text).join("") + rest
}
