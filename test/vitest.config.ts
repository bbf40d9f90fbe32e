import { defineConfig, type Plugin } from "vitest/config"

/** Files of Vim script are imported as their text, as they are in the bundle. */
const vimScript: Plugin = {
  name: "vim-script",
  transform: (source, id) =>
    id.endsWith(".vim") ? { code: `export default ${JSON.stringify(source)}`, map: null } : null
}

export default defineConfig({
  plugins: [vimScript],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start processes and threads of their own; two files at a time keep a small machine responsive.
    maxWorkers: 2,
    minWorkers: 1,
    // Files share the modules of their process: loading them takes longer than most tests do.
    pool: "forks",
    poolOptions: { forks: { isolate: false } }
  }
})
