/** Bundles the program once before the tests: they start it as users do. */
import type { TestProject } from "vitest/node"
import { ensureBundle, programEntries } from "../../tasks/bundle.mjs"

declare module "vitest" {
  interface ProvidedContext {
    readonly bundleFolder: string
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide("bundleFolder", await ensureBundle("program", programEntries))
}
