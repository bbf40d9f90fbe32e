import { defineConfig, type Plugin } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** Files of Vim script are imported as their text, as they are in the bundle. */
const vimScript: Plugin = {
  name: "vim-script",
  transform: (source, id) =>
    id.endsWith(".vim") ? { code: `export default ${JSON.stringify(source)}`, map: null } : null
}

/** What takes longest, which begins first: behind all others it would be waited for alone. */
const longest = ["generate/resume", "dataset-run/killed", "lintseq/program", "vim-loop/program", "demo"]

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const isLong = ({ moduleId }: TestSpecification) => longest.some((name) => moduleId.endsWith(`/${name}.test.ts`))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  plugins: [vimScript],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    setupFiles: ["test/support/draws.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start processes and threads of their own, and some wait a quarter of their time: three files keep two cores busy.
    maxWorkers: 3,
    // A process that is ended early, because no file is left for it, may end the whole run (tinypool 1.1.1).
    minWorkers: 3,
    // Files share the modules of their process: loading them takes longer than most tests do.
    sequence: { sequencer: LongestFirst },
    pool: "forks",
    poolOptions: { forks: { isolate: false } }
  }
})
