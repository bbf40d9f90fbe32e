/** Vim script as it is run: several files in a row, with each `{{name}}` replaced by what this program knows. */
/// <reference path="./vim-files.d.ts" />

/** Returns a text as a literal of Vim script. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Joins scripts into one and fills in values by name; throws where a name has no value, or a value is not used. */
export const fillScript = (scripts: ReadonlyArray<string>, values: Readonly<Record<string, string>>): string => {
  const known = new Map(Object.entries(values))
  const unused = new Set(known.keys())
  const filled = scripts.join("\n").replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = known.get(name)
    if (value === undefined) throw new Error(`a Vim script asks for "${name}", which has no value`)
    unused.delete(name)
    return literal(value)
  })
  if (unused.size > 0) throw new Error(`no Vim script asks for ${[...unused].join(", ")}`)
  return filled
}
