/** Puts arguments into the order that the parser wants, and reads the originals' way of writing lists. */

/** Flags that take several values in a row, as in `--extensions .js .py`; only values of the given form belong to them. */
const listFlags: ReadonlyMap<string, RegExp> = new Map([["--extensions", /^\.\w+$/]])

/** Flags without a value: what follows one of them is an argument of its own. */
const switches = new Set([
  "--quality-filter",
  "--no-quality-filter",
  "--tested-only",
  "--cross-file-context",
  "--bm25-context",
  "--curriculum",
  "--from-history",
  "--random-baseline",
  "--stream",
  "--list-edits",
  "--json",
  "--plain",
  "--web",
  "--no-view",
  "--stats",
  "--score",
  "--resume",
  "--overwrite",
  "--mcp",
  "--no-watch",
  "--no-cache",
  "--quiet",
  "-q",
  "--help",
  "-h",
  "--version",
  "--wizard"
])

/** Flags by the names that an original gives them, for each task. */
const originalNames: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  lintseq: new Map([
    ["--name_or_path", "--input"],
    ["--dest_dir", "--dest-dir"],
    ["--prompt_data_field", "--prompt-field"],
    ["--code_data_field", "--code-field"],
    ["--num_edit_paths_per_sample", "--paths-per-program"],
    ["--num_workers", "--concurrency"],
    ["-c", "--concurrency"],
    ["--num_samples", "--samples"]
  ])
}

/** Gives a flag our name; a value behind "=" stays. */
const renamed = (task: string, arg: string): string => {
  const end = arg.indexOf("=")
  const flag = end === -1 ? arg : arg.slice(0, end)
  return (originalNames[task]?.get(flag) ?? flag) + arg.slice(flag.length)
}

/** Returns the task first, then flags with their values, then plain arguments. */
export const arrangeArguments = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [task, ...rest] = args
  if (task === undefined || task.startsWith("-")) return args
  const flags: Array<string> = []
  const plain: Array<string> = []
  for (let index = 0; index < rest.length; index++) {
    const arg = renamed(task, rest[index] ?? "")
    if (arg === "--") {
      plain.push(...rest.slice(index + 1))
      break
    }
    if (!arg.startsWith("-") || arg === "-") {
      plain.push(arg)
      continue
    }
    flags.push(arg)
    if (arg.includes("=") || switches.has(arg)) continue
    const form = listFlags.get(arg)
    const first = rest[index + 1]
    if (first === undefined) continue
    index++
    const values = [first]
    if (form !== undefined) { while (form.test(rest[index + 1] ?? "")) values.push(rest[++index] ?? "") }
    flags.push(values.join(","))
  }
  return [task, ...flags, ...plain]
}
