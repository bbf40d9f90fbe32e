/** What a person sees of a row: its texts in the order in which they are read, and what each of them is. */

/** How a text is meant: as context, as wanted, or as unwanted. */
export type Tone = "plain" | "wanted" | "unwanted"

/** One part of the picture of a row. */
export type Section = CodeSection | CutSection | ChangeSection | StepsSection | KeysSection

/** A text as it is. */
export interface CodeSection {
  readonly kind: "code"
  readonly name: string
  readonly text: string
  readonly tone: Tone
  /** Whether it is read only by whom the rest leaves with a question, and may be folded away. */
  readonly isAside: boolean
}

/** What stands before and behind a place. */
export interface TextAround {
  readonly prefix: string
  readonly suffix: string
}

/** A text in its place. */
export interface PlacedText extends TextAround {
  readonly middle: string
}

/** A text with a middle that a model writes. */
export interface CutSection extends PlacedText {
  readonly kind: "cut"
  readonly name: string
  readonly tone: Tone
}

/** Two texts for the same place, to be compared: what an edit changes, or two answers. */
export interface ChangeSection {
  readonly kind: "change"
  readonly name: string
  /** What stands around both texts; null where the row does not tell. */
  readonly around: TextAround | null
  readonly left: ChangeSide
  readonly right: ChangeSide
  /** Where the cursor stands in the text on the left, as a UTF-16 offset; null where it is not known. */
  readonly cursor: number | null
  /** What it means that both texts are equal; null where that means nothing of its own. */
  readonly ifSame: string | null
  /** Whether it is read only by whom the rest leaves with a question, and may be folded away. */
  readonly isAside: boolean
}

/** One of the texts that are compared. */
export interface ChangeSide {
  readonly name: string
  readonly text: string
  readonly tone: Tone
  /** What stands before its lines where both texts are shown one under the other. */
  readonly sign: "+" | "-"
}

/** States of a program, from the first edit to the last. */
export interface StepsSection {
  readonly kind: "steps"
  readonly name: string
  readonly states: ReadonlyArray<string>
}

/** Keystrokes, in the notation in which they can be typed. */
export interface KeysSection {
  readonly kind: "keys"
  readonly name: string
  readonly keys: string
  readonly note: string
  readonly tone: Tone
}

/** What a person sees of a row. */
export interface Picture {
  /** What the row is about comes first: what changes, or what is to be written; asides come last. */
  readonly sections: ReadonlyArray<Section>
  /** Names of the fields that the sections show; all other fields are facts. */
  readonly shown: ReadonlyArray<string>
}

/** Returns a section that shows a text as it is. */
export const code = (name: string, text: string, tone: Tone = "plain"): CodeSection => ({
  kind: "code",
  name,
  text,
  tone,
  isAside: false
})

/** Returns the section of a text that may be folded away; none where the text is empty. */
export const aside = (name: string, text: string): ReadonlyArray<CodeSection> =>
  text === "" ? [] : [{ kind: "code", name, text, tone: "plain", isAside: true }]

/** An edit: the text before it and after it. */
export interface PicturedEdit {
  readonly name: string
  readonly before: string
  readonly after: string
  readonly around?: TextAround
  /** Where the cursor stands in the text before, as a UTF-16 offset. */
  readonly cursor?: number
  /** Whether the edit is the wanted one; true if not given. */
  readonly isWanted?: boolean
}

/** Returns a section that shows what an edit changes. */
export const edit = (
  { after, around, before, cursor, isWanted = true, name }: PicturedEdit
): ChangeSection => ({
  kind: "change",
  name,
  around: around ?? null,
  left: { name: "before", text: before, tone: isWanted ? "unwanted" : "plain", sign: "-" },
  right: { name: "after", text: after, tone: isWanted ? "wanted" : "unwanted", sign: "+" },
  cursor: cursor ?? null,
  ifSame: null,
  isAside: false
})

/** A text of a given name. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

/** Returns a section that compares the wanted answer with another one, and shows what stands around them. */
export const answers = (wanted: NamedText, other: NamedText, around: TextAround | null = null): ChangeSection => ({
  kind: "change",
  name: `${wanted.name} and ${other.name}`,
  around,
  left: { name: wanted.name, text: wanted.text, tone: "wanted", sign: "+" },
  right: { name: other.name, text: other.text, tone: "unwanted", sign: "-" },
  cursor: null,
  ifSame: null,
  isAside: false
})

/** Returns what it means that the texts of a section are equal; undefined where they differ, or it means nothing. */
export const meaningOfSame = ({ ifSame, left, right }: ChangeSection): string | undefined =>
  ifSame !== null && left.text === right.text ? ifSame : undefined

/** Returns the first text of the sections that a model should write, in its place. */
export const wantedCutIn = (sections: ReadonlyArray<Section>): PlacedText | undefined => {
  for (const section of sections) {
    if (section.kind === "cut" && section.tone === "wanted") return section
    if (section.kind !== "change" || section.around === null) continue
    const side = [section.left, section.right].find(isWanted)
    if (side !== undefined) return { ...section.around, middle: side.text }
  }
  return undefined
}

const isWanted = ({ tone }: ChangeSide): boolean => tone === "wanted"
