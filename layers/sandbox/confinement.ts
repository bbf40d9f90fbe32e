/** What stands between a Vim and the machine: the command that starts it where it can reach nothing. */
import type { SandboxLimits } from "../../services/Sandbox.ts"
import type { VimProgram } from "./vim-program.ts"

/** A command line for a pseudo-terminal. */
export interface CommandLine {
  readonly file: string
  readonly args: ReadonlyArray<string>
}

/** What a confined Vim is for: to serve attempts unseen, or to run one attempt that is watched. */
export type Purpose = "server" | "session"

/** A way to start a Vim. `folder` holds what it needs; inside, that folder is /io, and read-only. */
export interface Confinement {
  readonly commandLine: (folder: string, purpose: Purpose) => CommandLine
  /** The command that ends a Vim which does not end with its terminal. */
  readonly stop: ((folder: string) => CommandLine) | undefined
}

/** Folders inside the confinement: the only ones that a Vim there can write to. */
export const workFolder = "/w"
export const reportFolder = "/r"

/** Names in the folder: the script of each purpose, and the filter of system calls where there is one. */
export const scriptName = { server: "server.vim", session: "session.vim" } as const
export const filterName = "filter"

/** The terminal that Vim draws on: Vim knows these two by itself, whatever the machine knows. */
const terminalName = { server: "dumb", session: "xterm" } as const

export const vimSettings = (script: string): ReadonlyArray<string> =>
  words(`-u NONE -i NONE -n -N --not-a-term -S ${script}`)

/**
 * Bubblewrap: its own namespaces for everything, no network, no capabilities, and no files but Vim, its libraries and
 * two small folders in memory. The shell before it sets limits, opens the filter as descriptor 9, and discards what a
 * server draws, because nobody looks.
 */
export const bubblewrap = (vim: VimProgram, limits: SandboxLimits, isFiltered: boolean): Confinement => ({
  commandLine: (folder, purpose) => ({
    file: "/bin/sh",
    args: [
      "-c",
      `ulimit -c 0; ulimit -v ${Math.ceil(limits.memoryBytes / 1024)}; ulimit -f ${
        Math.ceil(limits.fileBytes / 512)
      }; ` +
      (isFiltered ? `exec 9<"${folder}/${filterName}"; ` : "") +
      (purpose === "server" ? "exec \"$@\" >/dev/null" : "exec \"$@\""),
      "sh",
      "bwrap",
      ...(isFiltered ? words("--seccomp 9") : []),
      ...words("--unshare-all --die-with-parent --new-session --cap-drop ALL --as-pid-1 --clearenv"),
      ...words(`--setenv TERM ${terminalName[purpose]} --setenv LANG C.UTF-8 --setenv RETRACE_LIBC`),
      vim.libc,
      ...words(`--setenv RETRACE_FILTERED ${isFiltered ? 1 : 0}`),
      "--ro-bind",
      vim.path,
      "/vim",
      ...vim.libraries.flatMap((library) => ["--ro-bind", library, library]),
      "--ro-bind",
      folder,
      "/io",
      ...words(
        `--size ${limits.fileBytes} --tmpfs ${workFolder} --size ${limits.fileBytes * 2} --tmpfs ${reportFolder}`
      ),
      ...words(`--chdir ${workFolder} --remount-ro / -- /vim`),
      ...vimSettings(`/io/${scriptName[purpose]}`)
    ]
  }),
  stop: undefined
})

/**
 * A container engine: an image that has Vim, without a network or a disk to write to, and one container for each
 * server.
 */
export const docker = (image: string, limits: SandboxLimits): Confinement => ({
  commandLine: (folder, purpose) => ({
    file: "docker",
    args: [
      ...words(`run --rm --interactive --tty --name ${containerName(folder)} --network none --read-only`),
      ...words("--cap-drop ALL --security-opt no-new-privileges --pids-limit 64 --user 65534:65534"),
      ...words(`--memory ${limits.memoryBytes} --memory-swap ${limits.memoryBytes}`),
      ...words(`--ulimit core=0 --ulimit fsize=${limits.fileBytes}`),
      ...words(`--tmpfs ${workFolder}:rw,nosuid,nodev,noexec,mode=1777,size=${limits.fileBytes}`),
      ...words(`--tmpfs ${reportFolder}:rw,nosuid,nodev,noexec,mode=1777,size=${limits.fileBytes * 2}`),
      "--volume",
      `${folder}:/io:ro`,
      ...words(
        `--workdir ${workFolder} --env TERM=${terminalName[purpose]} --env LANG=C.UTF-8 --env RETRACE_LIBC=libc.so.6`
      ),
      ...words("--entrypoint vim"),
      image,
      ...vimSettings(`/io/${scriptName[purpose]}`)
    ]
  }),
  stop: (folder) => ({ file: "docker", args: ["kill", containerName(folder)] })
})

/** Splits arguments, none of which holds a blank. */
const words = (text: string): ReadonlyArray<string> => text.split(" ")

const containerName = (folder: string): string => folder.slice(folder.lastIndexOf("/") + 1)
