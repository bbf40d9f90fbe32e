/** What a person sees of a row: its texts in the order in which they are read, each with what it is. */

/** How a text is meant: as context, as what is wanted, or as what is not. */
export type Tone = "plain" | "wanted" | "unwanted"

export type Section = CodeSection | CutSection | ChangeSection | StepsSection | KeysSection

export interface CodeSection {
  readonly kind: "code"
  readonly name: string
  readonly text: string
  readonly tone: Tone
}

/** A text with the part in it that a model writes. */
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

export interface KeysSection {
  readonly kind: "keys"
  readonly name: string
  readonly keys: string
  readonly note: string
  readonly tone: Tone
}

export interface Picture {
  readonly sections: ReadonlyArray<Section>
  /** Names of the fields that the sections show; what is left of a row are its facts. */
  readonly shown: ReadonlyArray<string>
}

/** Returns a section that is a text and no more. */
export const code = (name: string, text: string, tone: Tone = "plain"): CodeSection => ({
  kind: "code",
  name,
  text,
  tone
})

/** Returns the first text in which what a model is to write stands in its place. */
export const wantedCutIn = (sections: ReadonlyArray<Section>): CutSection | undefined =>
  sections.find((section): section is CutSection => section.kind === "cut" && section.tone === "wanted")
