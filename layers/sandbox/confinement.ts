/** What stands between a Vim and the machine: the command that starts it where it can reach nothing. */
import type { SandboxLimits } from "../../services/Sandbox.ts"
import type { Room } from "./room.ts"
import type { VimProgram } from "./vim-program.ts"

/** A command line. */
export interface CommandLine {
  readonly file: string
  readonly args: ReadonlyArray<string>
}

/** What a confined Vim is for: to serve attempts, fed through pipes, or to run one attempt behind a terminal. */
export type Purpose = "server" | "session"

/** A way to start a Vim. What a room shows is /io inside, and read-only. */
export interface Confinement {
  readonly commandLine: (room: Room, purpose: Purpose) => CommandLine
  /** Where the host finds the folder of reports; `vim` is the process of a Vim, by its number on the host. */
  readonly reportsOf: (room: Room, vim: number) => string
  /** The command that ends a Vim which does not end with its terminal. */
  readonly stop: ((room: Room) => CommandLine) | undefined
}

/** The folders inside the confinement that a Vim can write to, and the only ones. */
export const workFolder = "/w"
export const reportFolder = "/r"
/** What a room shows. */
export const shownFolder = "/io"

/** Names in the folder that is shown: the script of each purpose, and the filter of system calls where there is one. */
export const scriptName = { server: "server.vim", session: "session.vim" } as const
export const filterName = "filter"

/** The terminal that Vim draws on: Vim knows these two by itself, whatever the machine knows. */
const terminalName = { server: "dumb", session: "xterm" } as const

export const vimSettings = (script: string): ReadonlyArray<string> =>
  words(`-u NONE -i NONE -n -N --not-a-term -S ${script}`)

/** Files that an attempt may make, and descriptors that it may have open. */
const mostFiles = 1024
const mostDescriptors = 64

/**
 * Processes that may be at once: bubblewrap's, Vim's, and the one of the attempt, so an attempt cannot start any. Where
 * Linux is older than 5.14 it counts all of a user's processes, not those of a namespace, and there is no such limit.
 */
const mostProcesses = 4

/**
 * Makes the folders to write to, "$1" and "$2", and sets the limits, then goes on to what follows "$3". The folders are
 * in memory, and nothing in them can be run or loaded. Each shell knows one of the two letters for the limit of
 * processes.
 */
const prepare = (limits: SandboxLimits, { countsProcesses, isFiltered }: MachineTraits): string =>
  [
    mountInMemory("$1", limits.fileBytes),
    mountInMemory("$2", 2 * limits.fileBytes),
    // What is shown is bytes that others chose, and nothing of it runs either.
    "mount --bind \"$3\" \"$3\"",
    "mount -o remount,bind,noexec,nosuid,nodev \"$3\"",
    "ulimit -c 0",
    `ulimit -v ${Math.ceil(limits.memoryBytes / 1024)}`,
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`,
    `ulimit -n ${mostDescriptors}`,
    ...(countsProcesses ? [`{ ulimit -u ${mostProcesses} 2>/dev/null || ulimit -p ${mostProcesses}; }`] : []),
    "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&-",
    ...(isFiltered ? [`exec 9<"$3/${filterName}"`] : []),
    "shift 3",
    "exec \"$@\""
  ].join(" && ")

const mountInMemory = (folder: string, bytes: number): string =>
  `mount -t tmpfs -o noexec,nosuid,nodev,mode=0700,size=${bytes},nr_inodes=${mostFiles} none "${folder}"`

/** What this machine can do for the confinement. */
export interface MachineTraits {
  /** Whether there is a filter of system calls for it. */
  readonly isFiltered: boolean
  /** Whether Linux counts the processes of a namespace by themselves. */
  readonly countsProcesses: boolean
}

/**
 * Bubblewrap, twice: the outer one may mount, in a view of the machine of its own; the inner one, which Vim is in, has
 * its own namespaces for everything, no network, no capabilities, and no files but Vim, its libraries, what the room
 * shows, and two small folders in memory.
 */
export const bubblewrap = (vim: VimProgram, limits: SandboxLimits, traits: MachineTraits): Confinement => ({
  commandLine: (room, purpose) => ({
    file: "bwrap",
    args: [
      ...words("--unshare-user --uid 0 --gid 0 --cap-drop ALL --cap-add CAP_SYS_ADMIN --cap-add CAP_SETFCAP"),
      ...words("--die-with-parent --dev-bind / / -- /bin/sh -c"),
      prepare(limits, traits),
      "sh",
      room.work,
      room.reports,
      room.shown,
      "bwrap",
      ...(traits.isFiltered ? words("--seccomp 9") : []),
      ...words("--unshare-all --uid 65534 --gid 65534 --die-with-parent --new-session --cap-drop ALL --as-pid-1"),
      ...words(`--clearenv --setenv TERM ${terminalName[purpose]} --setenv LANG C.UTF-8 --setenv RETRACE_LIBC`),
      vim.libc,
      ...words(`--setenv RETRACE_FILTERED ${traits.isFiltered ? 1 : 0}`),
      "--ro-bind",
      vim.path,
      "/vim",
      ...vim.libraries.flatMap((library) => ["--ro-bind", library, library]),
      "--ro-bind",
      room.shown,
      shownFolder,
      "--bind",
      room.work,
      workFolder,
      "--bind",
      room.reports,
      reportFolder,
      ...words(`--chdir ${workFolder} --remount-ro / -- /vim --cmd`),
      // Whoever started this program may have left more descriptors open than a shell can close.
      "silent! call libcallnr($RETRACE_LIBC, 'closefrom', 3)",
      ...vimSettings(`${shownFolder}/${scriptName[purpose]}`)
    ]
  }),
  reportsOf: (_, vim) => `/proc/${vim}/root${reportFolder}`,
  stop: undefined
})

/**
 * A container engine: an image that has Vim, without a network or a disk to write to, and one container for each
 * server.
 */
export const docker = (image: string, limits: SandboxLimits): Confinement => ({
  commandLine: (room, purpose) => ({
    file: "docker",
    args: [
      ...words(`run --rm --interactive ${purpose === "session" ? "--tty " : ""}--name ${containerName(room)}`),
      ...words(`--network none --read-only --cap-drop ALL --security-opt no-new-privileges --user 65534:65534`),
      ...words(`--pids-limit 2 --memory ${limits.memoryBytes} --memory-swap ${limits.memoryBytes}`),
      ...words(`--ulimit core=0 --ulimit fsize=${limits.fileBytes} --ulimit nofile=${mostDescriptors}`),
      "--tmpfs",
      `${workFolder}:rw,nosuid,nodev,noexec,mode=0700,uid=65534,size=${limits.fileBytes},nr_inodes=${mostFiles}`,
      "--volume",
      `${room.shown}:${shownFolder}:ro`,
      "--volume",
      `${room.reports}:${reportFolder}`,
      ...words(
        `--workdir ${workFolder} --env TERM=${terminalName[purpose]} --env LANG=C.UTF-8 --env RETRACE_LIBC=libc.so.6`
      ),
      // Vim takes options from these, whatever the image says.
      ...words("--env LC_ALL=C.UTF-8 --env SHELL=/bin/sh --env CDPATH="),
      ...words("--entrypoint vim"),
      image,
      ...vimSettings(`${shownFolder}/${scriptName[purpose]}`)
    ]
  }),
  reportsOf: ({ reports }) => reports,
  stop: (room) => ({ file: "docker", args: ["kill", containerName(room)] })
})

/** Splits arguments, none of which holds a blank. */
const words = (text: string): ReadonlyArray<string> => text.split(" ")

const containerName = ({ folder }: Room): string => folder.slice(folder.lastIndexOf("/") + 1)
