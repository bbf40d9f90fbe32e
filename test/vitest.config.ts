import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start processes and threads of their own; two files at a time keep a small machine responsive.
    maxWorkers: 2,
    minWorkers: 1
  }
})
