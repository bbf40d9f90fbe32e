/** How every task ends. */

/** The exit codes of all tasks; those from 64 to 73 are the ones of BSD's sysexits.h. */
export const ExitCode = {
  Done: 0,
  Bug: 1,
  /** A client of the Language Server Protocol ended its server without having shut it down. */
  BrokenOff: 1,
  /** A threshold that the user gave on the command line is exceeded. */
  ThresholdExceeded: 2,
  Usage: 64,
  BadInput: 65,
  MissingInput: 66,
  Unavailable: 69,
  /** A piece of the work failed however often it was tried. */
  Condemned: 70,
  CannotWrite: 73,
  /** 128 + SIGINT. */
  Interrupted: 130,
  /** 128 + SIGTERM. */
  Terminated: 143
} as const

export type ExitCode = typeof ExitCode[keyof typeof ExitCode]
