/** `pnpm check`: types, Effect diagnostics, lint, format, pages and architecture, each told by name when it fails. */
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name) => join(root, "node_modules", ".bin", name)

const checks = [
  ["types", bin("tsc"), ["--project", "tsconfig.json"]],
  ["types of the page", bin("tsc"), ["--project", "tasks/view/page/tsconfig.json"]],
  ["Effect diagnostics", bin("effect-tsgo"), [
    "diagnostics",
    "--project",
    "tsconfig.json",
    "--strict",
    "--format",
    "text"
  ]],
  ["lint", bin("oxlint"), ["--deny-warnings"]],
  ["format", bin("dprint"), ["check"]],
  ["pages", process.execPath, ["test/docs/run.mjs", "--check"]],
  ["architecture", bin("vitest"), [
    "run",
    "--root",
    ".",
    "--config",
    "test/vitest.config.ts",
    "test/architecture.test.ts"
  ]]
]

const failed = checks.filter(([name, command, args]) => {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8" })
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"} ${name}\n`)
  if (status !== 0) process.stdout.write(`${stdout ?? ""}${stderr ?? ""}\n`)
  return status !== 0
})
process.exit(failed.length === 0 ? 0 : 1)
