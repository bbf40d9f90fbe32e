/** Makes the README's picture: finds the keys of an edit, records them, and draws the recording. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { drawPicture, type Edit } from "./picture.ts"
import { retrace } from "./program.ts"
import { screensOf } from "./screens.ts"

const edit: Edit = {
  subject: "Return 0 for no values",
  before: `def average(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)
`,
  after: `def average(values):
    if not values:
        return 0
    return sum(values) / len(values)
`
}

export const drawEdit = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-picture-"))
  try {
    writeFileSync(join(folder, "before.py"), edit.before)
    writeFileSync(join(folder, "after.py"), edit.after)
    const print = async (...args: ReadonlyArray<string>) => (await retrace({ folder, args })).stdout
    const source = ["--source", "before.py"]
    const keys = (await print("keys", ...source, "--target", "after.py")).trim()
    if (await print("keys", ...source, "--keys", keys) !== edit.after) {
      throw new Error(`"${keys}" does not make what the picture says`)
    }
    const size = ["--columns", "40", "--rows", "8"]
    const cast = await print("record", ...source, "--keys", keys, ...size, "--interval", "200ms")
    return drawPicture(edit, await screensOf(cast))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
