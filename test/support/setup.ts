/**
 * What all tests share: the program, bundled once, as users start it; and which tools do not work here. What was left
 * out for want of one is told in the last line of a run, whatever reports it.
 */
import * as Effect from "effect/Effect"
import type { TestCase, TestProject, TestSuite } from "vitest/node"
import { ensureBundle, programEntries } from "../../tasks/bundle.mjs"
import { type ToolName, tools } from "../../tasks/doctor/tools.ts"
import { tryTools } from "../../tasks/doctor/try-tools.ts"

declare module "vitest" {
  interface ProvidedContext {
    readonly bundleFolder: string
    readonly missingTools: ReadonlyArray<ToolName>
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const [bundleFolder, findings] = await Promise.all([
    ensureBundle("program", programEntries),
    Effect.runPromise(tryTools(tools, process.env["PATH"] ?? ""))
  ])
  project.provide("bundleFolder", bundleFolder)
  project.provide("missingTools", tools.map(({ name }) => name).filter((_, at) => findings[at]?._tag !== "works"))
  return () => {
    const line = leftOut(project)
    if (line !== undefined) process.stderr.write(`${line}\n`)
  }
}

/** Says how many tests were left out, and for want of what; undefined where none was. */
const leftOut = ({ vitest }: TestProject): string | undefined => {
  const missing = vitest.state.getTestModules()
    .flatMap(({ children }) => [...children.allTests("skipped")].map(missingFor))
    .filter((names) => names.length > 0)
  if (missing.length === 0) return undefined
  const all = missing.flat()
  const counts = [...new Set(all)].sort().map((tool) => `${tool} (${all.filter((name) => name === tool).length})`)
  const tests = missing.length === 1 ? "1 test" : `${missing.length} tests`
  return `Left out ${tests}, because these tools are missing here: ${counts.join(", ")}`
}

/** What a test or a suite around it said that it cannot do without. */
const missingFor = (task: TestCase | TestSuite): ReadonlyArray<ToolName> => {
  const own = task.meta().missing ?? []
  return task.parent.type === "module" ? own : [...new Set([...own, ...missingFor(task.parent)])]
}
