/** How a row is looked at: what of it is open, how wide, and in which colours. */
import type { Style, SyntaxKind } from "../shared/cells.ts"

/** A part of a line in a style of its own; offsets are UTF-16 units of the line. */
export interface Coat<S extends Style = Style> {
  readonly start: number
  readonly end: number
  readonly style: S
}

/** Returns the parts of each line of a text by what they are as code; undefined for a text that has no colours (yet). */
export type Colours = (text: string) => ReadonlyArray<ReadonlyArray<Coat<SyntaxKind>>> | undefined

export interface Look {
  /** Cells of a line; infinite where lines are not wrapped. */
  readonly columns: number
  /** Without colour, signs say what colours would. */
  readonly hasColour: boolean
  readonly colours: Colours
  /** Whether the lines that are far from what changes are shown too, and the asides. */
  readonly isOpen: boolean
  /** Whether all facts are shown in full. */
  readonly hasFacts: boolean
  /** The state of an edit path that is shown, from 0. */
  readonly step: number
  /** The text whose places are marked, or "". */
  readonly sought: string
}

/** All of a row, plain: how it is printed. */
export const plainLook: Look = {
  columns: Infinity,
  hasColour: false,
  colours: () => undefined,
  isOpen: true,
  hasFacts: false,
  step: Infinity,
  sought: ""
}
