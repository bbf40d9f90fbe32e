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
}

/** A text with a middle that a model writes. */
export interface CutSection {
  readonly kind: "cut"
  readonly name: string
  readonly prefix: string
  readonly middle: string
  readonly suffix: string
  readonly tone: Tone
}

/** Two texts, to be compared. */
export interface ChangeSection {
  readonly kind: "change"
  readonly name: string
  readonly before: string
  readonly after: string
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
  readonly sections: ReadonlyArray<Section>
  /** Names of the fields that the sections show; all other fields are facts. */
  readonly shown: ReadonlyArray<string>
}

/** Returns a section that shows a text as it is. */
export const code = (name: string, text: string, tone: Tone = "plain"): CodeSection => ({
  kind: "code",
  name,
  text,
  tone
})

/** Returns the first text that has a wanted middle. */
export const wantedCutIn = (sections: ReadonlyArray<Section>): CutSection | undefined =>
  sections.find((section): section is CutSection => section.kind === "cut" && section.tone === "wanted")
