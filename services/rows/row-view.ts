/**
 * What there is to see in a row, whoever wrote it: its shape, its facts, and its texts in the order in which a person
 * reads them. Terminal, page and report draw the same view.
 */
import { applyRendered, type EditFormat, editFormats } from "../edits/edit-format.ts"
import { splitPrompt, splitText } from "../formats/split-prompt.ts"
import { parseRegion, parseZed } from "../formats/zed.ts"
import { languageOfPath } from "../text/language.ts"

export const shapes = [
  "fim",
  "sft",
  "kto",
  "dpo",
  "chat",
  "edit path",
  "transform",
  "attempt",
  "text",
  "other"
] as const
export type Shape = typeof shapes[number]

export interface RowView {
  readonly shape: Shape
  /** Names and values of what is short, nested ones with dots. */
  readonly facts: ReadonlyArray<readonly [string, string]>
  readonly sections: ReadonlyArray<Section>
  /** Keys to be typed into a text, where the row is about that. */
  readonly recording: { readonly source: string; readonly keys: string } | null
}

/** How a text is meant: as context, as what is wanted, or as what is not. */
export type Tone = "plain" | "wanted" | "unwanted"

export type Section =
  | { readonly kind: "code"; readonly name: string; readonly text: string; readonly tone: Tone }
  /** A text with the part in it that a model writes. */
  | {
    readonly kind: "cut"
    readonly name: string
    readonly prefix: string
    readonly middle: string
    readonly suffix: string
    readonly tone: Tone
  }
  /** Two texts, to be compared. */
  | { readonly kind: "change"; readonly name: string; readonly before: string; readonly after: string }
  /** States of a program, from the first edit to the last. */
  | { readonly kind: "steps"; readonly name: string; readonly states: ReadonlyArray<string> }
  | { readonly kind: "keys"; readonly name: string; readonly keys: string; readonly note: string; readonly tone: Tone }

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

interface Message {
  readonly role: string
  readonly content: string
}

const messagesOf = (value: unknown): ReadonlyArray<Message> | undefined =>
  Array.isArray(value) && value.length > 0 &&
    value.every((one) => isFields(one) && typeof one["role"] === "string" && typeof one["content"] === "string")
    ? value
    : undefined

/** Returns what there is to see in a parsed row. */
export const viewOf = (row: unknown): RowView => {
  if (!isFields(row)) {
    return { shape: "other", facts: [], sections: [code("value", printed(row))], recording: null }
  }
  const { sections, shape, shown } = pictureOf(row)
  return { shape, sections, facts: factsOf(row, shown), recording: recordingOf(row) }
}

/** Returns the shape of a parsed row alone, which takes no look at what its texts hold. */
export const shapeOf = (row: unknown): Shape => {
  if (!isFields(row)) return "other"
  const isText = (name: string) => typeof row[name] === "string"
  if (messagesOf(row["prompt"]) !== undefined || messagesOf(row["messages"]) !== undefined) {
    return row["chosen"] !== undefined ? "dpo" : row["completion"] !== undefined ? "kto" : "chat"
  }
  const hasAnswer = isText("completion") || isText("output")
  if ((isText("prompt") || isText("instruction")) && (hasAnswer || isText("chosen"))) {
    return isText("chosen") ? "dpo" : typeof (row["label"] ?? row["kto_tag"]) === "boolean" ? "kto" : "sft"
  }
  const edits = row["edit_path"]
  if (Array.isArray(edits) && edits.every((edit) => typeof edit === "string")) return "edit path"
  if (isText("source") && (isText("target") || isText("keys") || isText("transform"))) return "transform"
  if (Array.isArray(row["trials"])) return "attempt"
  if (["prefix", "middle", "suffix"].every(isText)) return "fim"
  if (!isText("text")) return "other"
  return splitText(textOf(row["text"]) ?? "", textOf(row["middle"])) === undefined ? "text" : "fim"
}

/** Name of the language of a row's code, where the row tells one. */
export const languageOfRow = (row: unknown): string | null => {
  if (!isFields(row)) return null
  const about = isFields(row["metadata"]) ? row["metadata"] : {}
  const path = textOf(about["filepath"]) ?? textOf(row["source_file"]) ?? textOf(row["filepath"]) ?? ""
  return textOf(row["language"]) ?? textOf(about["language"]) ?? languageOfPath(path)?.name ?? null
}

interface Picture {
  readonly shape: Shape
  readonly sections: ReadonlyArray<Section>
  /** Fields that the sections show, so that they are no facts. */
  readonly shown: ReadonlyArray<string>
}

const code = (name: string, text: string, tone: Tone = "plain"): Section => ({ kind: "code", name, text, tone })

const pictureOf = (row: Fields): Picture =>
  chatPicture(row) ?? preferencePicture(row) ?? pathPicture(row) ?? transformPicture(row) ?? attemptPicture(row) ??
    fimPicture(row) ?? otherPicture(row)

const chatPicture = (row: Fields): Picture | undefined => {
  const asked = messagesOf(row["prompt"]) ?? messagesOf(row["messages"])
  if (asked === undefined) return undefined
  const label = row["label"] ?? row["kto_tag"]
  const answers = (["completion", "chosen", "rejected"] as const).flatMap((name) =>
    (messagesOf(row[name]) ?? []).map(({ content }) =>
      code(name, content, name === "rejected" || label === false ? "unwanted" : "wanted")
    )
  )
  const last = asked.length - 1
  return {
    shape: row["chosen"] !== undefined ? "dpo" : row["completion"] !== undefined ? "kto" : "chat",
    shown: ["prompt", "messages", "completion", "chosen", "rejected"],
    sections: [
      ...asked.map(({ content, role }, index) =>
        code(role, content, answers.length === 0 && index === last && role === "assistant" ? "wanted" : "plain")
      ),
      ...answers
    ]
  }
}

const preferencePicture = (row: Fields): Picture | undefined => {
  const prompt = textOf(row["prompt"]) ?? textOf(row["instruction"])
  const completion = textOf(row["completion"]) ?? textOf(row["output"])
  const chosen = textOf(row["chosen"])
  const rejected = textOf(row["rejected"])
  if (prompt === undefined || (completion === undefined && chosen === undefined)) return undefined
  const label = row["label"] ?? row["kto_tag"]
  const shape = chosen !== undefined ? "dpo" : typeof label === "boolean" ? "kto" : "sft"
  const tone: Tone = label === false ? "unwanted" : "wanted"
  const shown = ["prompt", "instruction", "input", "completion", "output", "chosen", "rejected"]
  const about = isFields(row["metadata"]) ? row["metadata"] : {}
  const contextLength = typeof about["context_chars"] === "number" ? about["context_chars"] : 0
  const answers: ReadonlyArray<readonly [string, string, Tone]> = chosen === undefined
    ? [["completion", completion ?? "", tone]]
    : [["chosen", chosen, "wanted"], ["rejected", rejected ?? "", "unwanted"]]
  const zed = parseZed(prompt, chosen ?? completion ?? "", contextLength)
  if (zed !== undefined) {
    return {
      shape,
      shown,
      sections: [
        code("edits so far", zed.events),
        ...answers.flatMap(([name, text, tone]): ReadonlyArray<Section> => {
          const region = parseRegion(text)
          return region === undefined
            ? [code(name, text, tone)]
            : [
              { kind: "cut", name, prefix: zed.before, middle: region, suffix: zed.after, tone },
              { kind: "change", name: `${name}: what changes`, before: zed.region, after: region }
            ]
        })
      ]
    }
  }
  const split = splitPrompt(prompt)
  const sections = answers.map(([name, text, tone]): Section =>
    split === undefined
      ? code(name, text, tone)
      : { kind: "cut", name, prefix: split.prefix, middle: text, suffix: split.suffix, tone }
  )
  const difference: ReadonlyArray<Section> = chosen === undefined
    ? []
    : [{ kind: "change", name: "from rejected to chosen", before: rejected ?? "", after: chosen }]
  const context = split === undefined
    ? [code("prompt", prompt)]
    : split.head === ""
    ? []
    : [code("context", split.head)]
  return { shape, shown, sections: [...context, ...sections, ...difference] }
}

const pathPicture = (row: Fields): Picture | undefined => {
  const edits = row["edit_path"]
  if (!Array.isArray(edits) || !edits.every((edit): edit is string => typeof edit === "string")) return undefined
  const states = statesOf(edits)
  return {
    shape: "edit path",
    shown: ["edit_path", ...Object.keys(row).filter((name) => /^source_(?!file)/.test(name))],
    sections: states === undefined
      ? edits.map((edit, index) => code(`edit ${index + 1} of ${edits.length}`, edit))
      : [{ kind: "steps", name: "states", states }]
  }
}

/** Replays a path in whichever format it is written; undefined when it is none of ours. */
const statesOf = (edits: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  for (const format of editFormats) {
    const states = replayIn(format, edits)
    if (states !== undefined) return states
  }
  return undefined
}

const replayIn = (format: EditFormat, edits: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  const states: Array<string> = []
  let lines: ReadonlyArray<string> = []
  for (const edit of edits) {
    const before = lines
    try {
      lines = applyRendered(format, lines, edit)
    } catch {
      return undefined
    }
    // A text that changes nothing is in another format.
    if (lines.length === before.length && lines.every((line, at) => line === before[at])) return undefined
    states.push(lines.join("\n"))
  }
  return states
}

const transformPicture = (row: Fields): Picture | undefined => {
  const source = textOf(row["source"])
  const target = textOf(row["target"])
  const keys = textOf(row["keys"]) ?? textOf(row["transform"])
  if (source === undefined || (target === undefined && keys === undefined)) return undefined
  const text = textOf(row["text"])
  const isWrong = row["solved"] === false
  return {
    shape: "transform",
    shown: ["source", "target", "keys", "transform", "text"],
    sections: [
      ...(keys === undefined
        ? []
        : [{ kind: "keys", name: "keys", keys, note: "", tone: isWrong ? "unwanted" : "wanted" } as const]),
      target === undefined ? code("source", source) : { kind: "change", name: "edit", before: source, after: target },
      ...(text === undefined || text === target ? [] : [code("what the keys left", text, "unwanted")])
    ]
  }
}

const attemptPicture = (row: Fields): Picture | undefined => {
  const proposed = row["trials"]
  if (!Array.isArray(proposed)) return undefined
  const spoiled = Array.isArray(row["near_misses"]) ? row["near_misses"] : []
  const trials = [...proposed, ...spoiled].filter(isFields)
  return {
    shape: "attempt",
    shown: ["trials", "near_misses"],
    sections: trials.map((trial, index) => ({
      kind: "keys",
      name: index < proposed.length ? `candidate ${index + 1}` : "near miss",
      keys: textOf(trial["keys"]) ?? "",
      note: textOf(trial["fault"]) ?? "solved",
      tone: trial["fault"] === null ? "wanted" : "unwanted"
    }))
  }
}

const fimPicture = (row: Fields): Picture | undefined => {
  const [prefix, middle, suffix, text, context] = ["prefix", "middle", "suffix", "text", "context"].map((name) =>
    textOf(row[name])
  )
  const before = context === undefined || context === "" ? [] : [code("context", context)]
  if (prefix !== undefined && middle !== undefined && suffix !== undefined) {
    return {
      shape: "fim",
      shown: ["prefix", "middle", "suffix", "text", "context"],
      sections: [...before, { kind: "cut", name: "middle", prefix, middle, suffix, tone: "wanted" }]
    }
  }
  if (text === undefined) return undefined
  const split = splitText(text, middle)
  return split === undefined
    ? { shape: "text", shown: ["text"], sections: [code("text", text)] }
    : {
      shape: "fim",
      shown: ["text", "middle", "context"],
      sections: [
        ...(split.head === "" ? before : [code("context", split.head)]),
        {
          kind: "cut",
          name: "middle",
          prefix: split.prefix,
          middle: split.middle,
          suffix: split.suffix,
          tone: "wanted"
        }
      ]
    }
}

/** A text that is longer than this, or has lines, is shown by itself. */
const longestFact = 80

const otherPicture = (row: Fields): Picture => {
  const long = Object.entries(row).filter(([, value]) =>
    typeof value === "string" && (value.length > longestFact || value.includes("\n"))
  )
  return {
    shape: "other",
    shown: long.map(([name]) => name),
    sections: long.map(([name, value]) => code(name, String(value)))
  }
}

/** Fields that are not shown as texts; one that stands twice with one value is told once. */
const factsOf = (row: Fields, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const seen = new Set<string>()
  return allFactsOf(row, shown).filter(([name, value]) => {
    const key = `${name}\n${value}`
    return !seen.has(key) && seen.add(key)
  })
}

const allFactsOf = (row: Fields, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  Object.entries(row).flatMap(([name, value]): ReadonlyArray<readonly [string, string]> => {
    if (shown.includes(name)) return []
    if (isFields(value)) {
      return Object.entries(value).map((
        [inner, part]
      ) => [name === "metadata" ? inner : `${name}.${inner}`, printed(part)])
    }
    return [[name, printed(value)]]
  })

const printed = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value) ?? "")

const recordingOf = (row: Fields): RowView["recording"] => {
  const source = textOf(row["source"])
  const keys = textOf(row["keys"])
  return source === undefined || keys === undefined ? null : { source, keys }
}

/**
 * Returns the value of a field, wherever in a row it stands: at its top, in its metadata, or behind dots.
 *
 * @example
 * valueIn({ metadata: { language: "go" } }, "language") // "go"
 */
export const valueIn = (row: unknown, key: string): unknown => {
  if (!isFields(row)) return undefined
  if (row[key] !== undefined) return row[key]
  const about = row["metadata"]
  if (isFields(about) && about[key] !== undefined) return about[key]
  return key.split(".").reduce<unknown>((value, part) => (isFields(value) ? value[part] : undefined), row)
}

/** Whether a row passes a filter: the field is the value, or a text that holds it. */
export const isMatch = (row: unknown, key: string, wanted: string): boolean => {
  const value = valueIn(row, key)
  if (value === undefined) return false
  if (typeof value === "string") return value.includes(wanted)
  return printed(value) === wanted
}
