/** Tests that need tools of this machine: where one does not work they are left out, and the run says so. */
import { describe, it } from "@effect/vitest"
import { inject } from "vitest"
import { getCurrentSuite } from "vitest/suite"
import type { ToolName } from "../../tasks/doctor/tools.ts"

declare module "vitest" {
  interface TaskMeta {
    /** What a test that was left out, or all tests of a suite, would have needed. */
    missing?: ReadonlyArray<ToolName>
  }
}

/** `describe`, `it` and `it.live` for what needs these tools. */
export const withTools = (...tools: ReadonlyArray<ToolName>) => {
  const missing = tools.filter((tool) => inject("missingTools").includes(tool))
  const isMissing = missing.length > 0
  /** Notes what is missing with the suite or test that `add` adds. */
  const noting = <Add extends (...rest: never) => unknown>(add: Add): Add =>
    new Proxy(add, {
      apply: (target, self, rest) => {
        Reflect.apply(target, self, rest)
        const added = getCurrentSuite().tasks.at(-1)
        const task = added?.type === "collector" ? added.suite : added
        if (isMissing && task !== undefined) task.meta.missing = missing
      }
    })
  return {
    describe: noting(describe.skipIf(isMissing)),
    it: noting(it.skipIf(isMissing)),
    live: noting(it.live.skipIf(isMissing))
  }
}

/** What Vim needs in its full sandbox, and in its restricted mode. */
export const withSandbox = withTools("vim", "bwrap", "node-pty")
