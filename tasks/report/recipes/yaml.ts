/** Pieces of YAML that recipes have in common. */
import { stringify } from "yaml"

/** Returns a config behind a comment of so many lines. */
export const config = (comment: ReadonlyArray<string>, settings: Readonly<Record<string, unknown>>): string =>
  `${comment.map((line) => `# ${line}`.trimEnd()).join("\n")}\n${
    stringify(settings, { aliasDuplicateObjects: false, lineWidth: 0 })
  }`
