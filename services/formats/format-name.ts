/** The names of formats as users type them, and what each means for a model. */
import type { Order, Preset } from "./presets.ts"

/** The names of formats that fill in the middle or show the edit of one file, as `--format` takes them. */
export const formatNames = ["PSM", "SPM", "SPM1", "SPM2", "ZED", "MIXED"] as const
/** The name of a format, or of a mix of several. */
export type FormatName = typeof formatNames[number]

/** How one row is rendered. */
export type RowFormat = Order | "ZED"

/** A share of rows for each format; shares need not add up to one. */
export interface FormatShare {
  readonly format: RowFormat
  readonly share: number
}

/** What a name means for a model: a format, perhaps with a warning, or why there is none. */
export type ResolvedFormat =
  | { readonly _tag: "resolved"; readonly format: RowFormat; readonly warning: string | null }
  | { readonly _tag: "refused"; readonly detail: string }

/**
 * Resolves a single format for a model: "SPM" is the variant of the model, and an order that it lacks is refused.
 *
 * @example
 * resolveFormat(presets.get("starcoder")!, "SPM") // { _tag: "resolved", format: "SPM2", warning: null }
 */
export const resolveFormat = (preset: Preset, name: Exclude<FormatName, "MIXED">): ResolvedFormat => {
  if (name === "ZED") return { _tag: "resolved", format: "ZED", warning: null }
  const order: Order = name === "SPM" ? preset.spm : name
  if (preset.layouts[order] === undefined) {
    const known = Object.keys(preset.layouts).join(", ")
    return {
      _tag: "refused",
      detail: `${preset.name} was not trained on ${name}; pass --format SPM or one of ${known}`
    }
  }
  const isUndocumented = order === "SPM2" && !preset.documentsSpm2
  return {
    _tag: "resolved",
    format: order,
    warning: isUndocumented ? `SPM2 is not documented for ${preset.name}; check that your model saw it` : null
  }
}

/** Returns what "MIXED" means without --mix: half PSM and half the SPM variant of the model, where it has both. */
export const defaultMix = (preset: Preset): ReadonlyArray<FormatShare> =>
  preset.layouts.PSM === undefined
    ? [{ format: preset.native, share: 1 }]
    : [{ format: "PSM", share: 0.5 }, { format: preset.spm, share: 0.5 }]
