/** The examples of the ground floor's docs, run as they stand: what is left of " // " gives what is right of it. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { transformSync } from "esbuild"

const services = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "services")
const files = readdirSync(services, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).sort()

interface Example {
  readonly file: string
  readonly lines: ReadonlyArray<string>
}

const examples = files.flatMap((file): ReadonlyArray<Example> =>
  [...readFileSync(join(services, file), "utf8").matchAll(/@example\n((?: \*(?: .*)?\n)+?) \*\//g)]
    .map((match) => ({
      file,
      lines: (match[1] ?? "").split("\n").map((line) => line.slice(3)).filter((line) => line !== "")
    }))
)

describe("examples", () => {
  it("stand in the docs", () => {
    assert.isAtLeast(examples.length, 8)
  })

  for (const { file, lines } of examples) {
    it(`${file}: ${lines.at(-1) ?? ""}`, async () => {
      // Every export of the ground floor is in reach, as an editor would import it.
      const scope: Record<string, unknown> = {}
      for (const other of files) {
        Object.assign(scope, await import(/* @vite-ignore */ pathToFileURL(join(services, other)).href))
      }
      let setting = ""
      let checked = 0
      for (const line of lines) {
        const [, expression, expected] = /^(.*?) \/\/ (.*)$/.exec(line) ?? []
        if (expression === undefined || expected === undefined) {
          setting += `${line}\n`
          continue
        }
        const valueOf = (text: string): unknown => {
          const code = transformSync(`${setting}globalThis.__example = (${text})`, { loader: "ts" }).code
          return new Function(...Object.keys(scope), `${code}; return globalThis.__example`)(...Object.values(scope))
        }
        assert.deepStrictEqual(valueOf(expression), valueOf(expected))
        checked++
      }
      assert.isAbove(checked, 0)
    })
  }
})
