/**
 * Completions for shells, made from the declarations. A script completes the program by the name that it is called by:
 * the command "retrace", or "pnpm task" in a clone, where what pnpm completes otherwise stays as it was.
 */
import { argumentIn, type Declaration, flagOf, flagsIn, type Question } from "./asked.ts"
import { topics } from "./topics.ts"

export const shells = ["bash", "zsh", "fish"] as const
export type Shell = (typeof shells)[number]

interface FlagWords {
  /** With its dashes; the alias too where there is one. */
  readonly names: ReadonlyArray<string>
  readonly help: string
  readonly takesValue: boolean
  readonly choices: ReadonlyArray<string>
  readonly completes: "files" | "folders" | "nothing"
}

const wordsOf = (key: string, question: Question<unknown>): FlagWords => {
  const { alias, help, kind } = question
  return {
    names: [flagOf(key, question), ...(alias === undefined ? [] : [`-${alias}`])],
    help,
    takesValue: kind.placeholder !== "",
    choices: kind.choices ?? [],
    completes: kind.completes ?? "nothing"
  }
}

const flagsOf = (declaration: Declaration): ReadonlyArray<FlagWords> => [
  ...flagsIn(declaration).map(([key, question]) => wordsOf(key, question)),
  { names: ["--help", "-h"], help: "Show help", takesValue: false, choices: topics, completes: "nothing" }
]

/** The command that a shell looks completions up by, and the word that must follow it, if any. */
const commandOf = (program: string): { readonly command: string; readonly behind: string } => {
  const [command = "retrace", behind = ""] = program.split(" ")
  return { command, behind }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const renderBash = (tasks: ReadonlyArray<Declaration>, program: string): string => {
  const { behind, command } = commandOf(program)
  const first = behind === "" ? 1 : 2
  const valueCases = tasks.flatMap((declaration) =>
    flagsOf(declaration).flatMap(({ choices, completes, names, takesValue }) => {
      const patterns = names.map((name) => `${declaration.task}:${name}`).join("|")
      if (choices.length > 0 && takesValue) {
        return [`    ${patterns}) COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$cur")); return ;;`]
      }
      if (!takesValue) return []
      return completes === "nothing"
        ? [`    ${patterns}) return ;;`]
        : [`    ${patterns}) COMPREPLY=($(compgen ${completes === "folders" ? "-d" : "-f"} -- "$cur")); return ;;`]
    })
  )
  const flagCases = tasks.map((declaration) =>
    `    ${declaration.task}) flags=${quoted(flagsOf(declaration).flatMap(({ names }) => names).join(" "))} ;;`
  )
  return `# Completions of ${program} for bash: add  source <(${program} --completions bash)  to ~/.bashrc
_retrace() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} task=\${COMP_WORDS[${first}]} flags=
  COMPREPLY=()
${
    behind === ""
      ? ""
      : `  if [ "\${COMP_WORDS[1]}" != ${behind} ]; then
    [ -n "$_retrace_before" ] && "$_retrace_before" "$@"
    return
  fi
`
  }  if [ "$COMP_CWORD" -eq ${first} ]; then
    COMPREPLY=($(compgen -W ${quoted([...tasks.map(({ task }) => task), "--help", "--version"].join(" "))} -- "$cur"))
    return
  fi
  case "$task:$previous" in
${valueCases.join("\n")}
  esac
  case "$task" in
${flagCases.join("\n")}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
${
    behind === ""
      ? ""
      : `_retrace_before=$(complete -p ${command} 2>/dev/null | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
[ "$_retrace_before" = _retrace ] && _retrace_before=
`
  }complete -o filenames -F _retrace ${command}
`
}

const renderZsh = (tasks: ReadonlyArray<Declaration>, program: string): string => {
  const { behind, command } = commandOf(program)
  const escaped = (text: string): string => text.replaceAll(/[[\]:\\]/g, "\\$&")
  const specOf = ({ choices, completes, help, names, takesValue }: FlagWords): ReadonlyArray<string> => {
    const value = !takesValue
      ? ""
      : choices.length > 0
      ? `:value:(${choices.join(" ")})`
      : completes === "nothing"
      ? ":value: "
      : `:path:${completes === "folders" ? "_files -/" : "_files"}`
    return names.map((name) => quoted(`*${name}[${escaped(help)}]${value}`))
  }
  return `#compdef ${command}
# Completions of ${program} for zsh: add  source <(${program} --completions zsh)  to ~/.zshrc
_retrace() {
${
    behind === ""
      ? ""
      : `  if [[ $words[2] != ${behind} ]]; then
    [[ -n $_retrace_before ]] && $_retrace_before
    return
  fi
  shift words
  (( CURRENT-- ))
`
  }  if (( CURRENT == 2 )); then
    local -a tasks=(
${tasks.map(({ summary, task }) => `      ${quoted(`${task}:${escaped(summary)}`)}`).join("\n")}
    )
    _describe task tasks
    return
  fi
  case $words[2] in
${
    tasks.map((declaration) =>
      `    ${declaration.task}) shift words; (( CURRENT-- )); _arguments ${
        flagsOf(declaration).flatMap(specOf).join(" ")
      }${argumentIn(declaration) === undefined ? "" : " '*:path:_files'"} ;;`
    ).join("\n")
  }
  esac
}
${behind === "" ? "" : `_retrace_before=\${_comps[${command}]}\n`}compdef _retrace ${command}
`
}

const renderFish = (tasks: ReadonlyArray<Declaration>, program: string): string => {
  const { behind, command } = commandOf(program)
  const isFirst = behind === ""
    ? "__fish_use_subcommand"
    : `__fish_seen_subcommand_from ${behind}; and not __fish_seen_subcommand_from ${
      tasks.map(({ task }) => task).join(" ")
    }`
  const lines = tasks.flatMap((declaration) => [
    `complete -c ${command} -f -n ${quoted(isFirst)} -a ${declaration.task} -d ${quoted(declaration.summary)}`,
    ...flagsOf(declaration).map(({ choices, completes, help, names, takesValue }) =>
      [
        `complete -c ${command} -n ${quoted(`__fish_seen_subcommand_from ${declaration.task}`)}`,
        ...names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
        `-d ${quoted(help)}`,
        ...(!takesValue
          ? []
          : choices.length > 0
          ? [`-x -a ${quoted(choices.join(" "))}`]
          : completes === "nothing"
          ? ["-x"]
          : ["-r -F"])
      ].join(" ")
    )
  ])
  return `# Completions of ${program} for fish: add  ${program} --completions fish | source  to ~/.config/fish/config.fish
${lines.join("\n")}
`
}

/** Renders the script for a shell; `program` is what a user types before a task. */
export const renderCompletions = (shell: Shell, tasks: ReadonlyArray<Declaration>, program: string): string =>
  ({ bash: renderBash, zsh: renderZsh, fish: renderFish })[shell](tasks, program)
