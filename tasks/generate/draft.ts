/** A row before it is one, and the places where one could have been. */
import type { BenchmarkHit } from "../../services/hygiene/decontamination.ts"
import type { Side } from "../../services/history/split.ts"
import type { RejectedPlace } from "../../services/rows/rejected.ts"
import type { RowMetadata } from "../../services/rows/row-metadata.ts"
import type { Example } from "./example.ts"
import type { Negative } from "./negatives.ts"

/** Texts of a row and what is told of it. */
export interface Draft {
  readonly side: Side
  readonly example: Example
  readonly negative: (Negative & { readonly completion: string }) | null
  readonly metadata: RowMetadata
}

/** Why a row is left out. */
export interface Refusal {
  readonly reason: string
  /** The task of a benchmark that it holds a piece of; left out for any other reason. */
  readonly hit?: BenchmarkHit
}

/** A place where a row could have been, for `--rejected`. */
export interface Rejection extends Refusal {
  readonly metadata: RejectedPlace
  readonly middle: string
}

/** What a change or a file gave. */
export interface Drafts {
  readonly drafts: Array<Draft>
  readonly rejections: Array<Rejection>
}
