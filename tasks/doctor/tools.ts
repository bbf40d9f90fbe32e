/** Every tool outside the packages that Retrace or one of its tests uses: how it is tried, and what needs it. */

export interface ShellTrial {
  readonly _tag: "shell"
  /** What a shell is told: it ends well where the tool works, and says the tool's version if it has one. */
  readonly line: string
  /** What the answer holds where the tool can do all that is asked of it. */
  readonly says: string
  /** Whether the shell runs as Vim's sandbox does: as nobody, where we are root. */
  readonly isConfined: boolean
}

export interface MachineTool {
  readonly name: string
  /** How it is tried: by a shell, or by opening a pseudo-terminal. */
  readonly trial: ShellTrial | { readonly _tag: "terminal" }
  /** What does not work without it. */
  readonly neededFor: string
  /** Whether every task needs it. */
  readonly isRequired: boolean
  /** How to get it. */
  readonly advice: string
}

const inShell = (line: string, { isConfined = false, says = "" } = {}): ShellTrial => ({
  _tag: "shell",
  line,
  says,
  isConfined
})

/** What namespaces are tried with: all that the sandbox asks for, around a shell that does nothing. */
const namespaces =
  "bwrap --unshare-user --uid 0 --gid 0 --cap-drop ALL --cap-add CAP_SYS_ADMIN --cap-add CAP_SETFCAP --die-with-parent " +
  "--dev-bind / / -- /bin/sh -c 'mount -t tmpfs -o noexec none /tmp && exec bwrap --unshare-all --uid 65534 " +
  "--gid 65534 --die-with-parent --new-session --cap-drop ALL --as-pid-1 --ro-bind / / -- /bin/sh -c :'"

export const tools = [
  {
    name: "node",
    trial: inShell("node --version"),
    neededFor: "everything",
    isRequired: true,
    advice: "install Node 20.19 or newer"
  },
  {
    name: "git",
    trial: inShell("git --version"),
    neededFor: "everything",
    isRequired: true,
    advice: "install git 2.30 or newer"
  },
  {
    name: "vim",
    trial: inShell("vim --version", { says: "+channel" }),
    neededFor: "keys, record, vim-loop and serve-reward",
    isRequired: false,
    advice: "install the package vim (vim-tiny is not enough)"
  },
  {
    name: "bwrap",
    trial: inShell(`${namespaces} && bwrap --version`, { isConfined: true }),
    neededFor:
      "the sandbox of the Vim tasks; without it, keys of your own are typed in Vim's restricted mode, and others not",
    isRequired: false,
    advice: "install the package bubblewrap, and allow user namespaces"
  },
  {
    name: "node-pty",
    trial: { _tag: "terminal" },
    neededFor: "record, playing keys in view, and Vim's restricted mode",
    isRequired: false,
    advice: "run pnpm install --force where it has a binary: Linux with glibc, macOS, Windows"
  },
  {
    name: "docker",
    trial: inShell("docker --version"),
    neededFor: "--sandbox docker of the Vim tasks",
    isRequired: false,
    advice: "install Docker, or use another sandbox"
  },
  {
    name: "agg",
    trial: inShell("agg --version"),
    neededFor: "record --gif",
    isRequired: false,
    advice: "install agg, asciinema's maker of GIFs"
  },
  {
    name: "svg-term",
    trial: inShell("svg-term --version"),
    neededFor: "record --svg",
    isRequired: false,
    advice: "install svg-term-cli"
  },
  {
    name: "asciinema",
    trial: inShell("asciinema --version"),
    neededFor: "playing what record writes in a terminal, and a test of it",
    isRequired: false,
    advice: "install asciinema"
  },
  {
    name: "pylint",
    trial: inShell("pylint --version"),
    neededFor: "lintseq --linter pylint and --algorithm pylintseq",
    isRequired: false,
    advice: "install pylint 2.16 or newer"
  },
  {
    name: "python3",
    trial: inShell("python3 --version"),
    neededFor: "pylint, and the adapters of serve-reward",
    isRequired: false,
    advice: "install Python 3.9 or newer"
  },
  {
    name: "nvim",
    trial: inShell("nvim --version"),
    neededFor: "the Neovim recipe of serve-context, and its test",
    isRequired: false,
    advice: "install Neovim 0.7 or newer"
  },
  {
    name: "llama-server",
    trial: inShell("llama-server --version"),
    neededFor: "a model behind serve-context --proxy-infill on this machine",
    isRequired: false,
    advice: "install llama.cpp, or name a server elsewhere"
  },
  {
    name: "chromium",
    trial: inShell("chromium --version"),
    neededFor: "the tests of view --web; any browser shows the page",
    isRequired: false,
    advice: "install Chromium"
  },
  {
    name: "cc",
    trial: inShell("cc --version"),
    neededFor: "the tests that attack the sandbox with native code, and one that compiles what lintseq writes",
    isRequired: false,
    advice: "install gcc and libc6-dev"
  },
  {
    name: "c++",
    trial: inShell("c++ --version"),
    neededFor: "a test that compiles what lintseq writes",
    isRequired: false,
    advice: "install g++"
  },
  {
    name: "rustc",
    trial: inShell("rustc --version"),
    neededFor: "a test that compiles what lintseq writes",
    isRequired: false,
    advice: "install Rust"
  },
  {
    name: "javac",
    trial: inShell("javac -version"),
    neededFor: "a test that compiles what lintseq writes",
    isRequired: false,
    advice: "install a JDK, 17 or newer"
  },
  {
    name: "go",
    trial: inShell("go version"),
    neededFor: "a test that compiles what lintseq writes",
    isRequired: false,
    advice: "install Go 1.18 or newer"
  },
  {
    name: "npm",
    trial: inShell("npm view effect version --fetch-retries=0 >/dev/null && npm --version"),
    neededFor: "a test that installs the package",
    isRequired: false,
    advice: "install npm, and let it reach its registry"
  },
  {
    name: "postgres",
    // Debian keeps the server's programs out of the way of users.
    trial: inShell("PATH=$PATH:$(ls -d /usr/lib/postgresql/*/bin | tail -n 1); initdb --version && postgres --version"),
    neededFor: "the tests of --cluster; a run needs no PostgreSQL of its own machine",
    isRequired: false,
    advice: "install PostgreSQL's server, 11 or newer"
  },
  {
    name: "patch",
    trial: inShell("patch --version"),
    neededFor: "a test of the diffs that lintseq writes",
    isRequired: false,
    advice: "install GNU patch"
  },
  {
    name: "bash",
    trial: inShell("bash --version"),
    neededFor: "a test of its completions",
    isRequired: false,
    advice: "install bash"
  },
  {
    name: "script",
    trial: inShell("script -qec : /dev/null && script --version"),
    neededFor: "a test of recordings",
    isRequired: false,
    advice: "install util-linux (bsdutils on Debian)"
  },
  {
    name: "ps",
    trial: inShell("ps -o stat= -p $$ >/dev/null && echo works"),
    neededFor: "a test of serve-context",
    isRequired: false,
    advice: "install procps"
  },
  {
    name: "/proc",
    trial: inShell("read -r line </proc/self/stat && echo works"),
    neededFor:
      "telling whether the process that locked a dataset still lives, and tests of what processes leave behind",
    isRequired: false,
    advice: "run on Linux"
  }
] as const satisfies ReadonlyArray<MachineTool>

export type ToolName = (typeof tools)[number]["name"]
