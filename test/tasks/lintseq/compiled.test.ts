/** Every state of a path compiles as its program does: nothing is used before it is there. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import type { ToolName } from "../../../tasks/doctor/tools.ts"
import { type CompiledLanguage, complaintsOf } from "../../support/compilers.ts"
import { drawPrograms, textAfter } from "../../support/draw-programs.ts"
import { withTools } from "../../support/with-tools.ts"

/** How many paths of each program are drawn, and the least mean of their edits: one edit would always compile. */
const programs: ReadonlyArray<
  readonly [file: string, language: CompiledLanguage, tool: ToolName, paths: number, edits: number]
> = [
  ["macros.c", "c", "cc", 4, 6],
  ["shapes.c", "c", "cc", 2, 15],
  ["conditions.c", "c", "cc", 3, 10],
  ["shapes.cpp", "cpp", "c++", 1, 15],
  ["macros.rs", "rust", "rustc", 4, 2],
  ["shapes.rs", "rust", "rustc", 1, 8],
  ["shapes.java", "java", "javac", 2, 8],
  ["shapes.go", "go", "go", 3, 10],
  ["shapes.ts.text", "typescript", "node", 8, 5]
]

for (const [file, language, tool, pathsPerProgram, edits] of programs) {
  withTools(tool).it(`each state of ${file} compiles`, { timeout: 120_000 }, async () => {
    const code = readFileSync(join(import.meta.dirname, "../../support/programs", file), "utf8")
    const { ledger, rows } = await drawPrograms([{ code, language }], { pathsPerProgram })
    assert.deepStrictEqual(ledger["programs"]?.leftOut, {})
    const paths: ReadonlyArray<ReadonlyArray<string>> = rows.map(({ edit_path }) => edit_path)
    assert.isAtLeast(paths.reduce((sum, path) => sum + path.length, 0) / paths.length, edits)
    const states = new Set(paths.flatMap((path) => path.map((_, at) => textAfter(path, at + 1))))
    assert.deepStrictEqual(await complaintsOf(language, [...states]), [])
  })
}
