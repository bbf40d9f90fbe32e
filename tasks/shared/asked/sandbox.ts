/** What every task that types into Vim can be asked about its sandbox. */
import { defaultVimOptions, vimOptionsNames } from "../../../services/keys/vim-options.ts"
import { defaultLimits } from "../../../services/Sandbox.ts"
import { mebibytes, number, oneOf, text } from "./kinds.ts"

export const sandboxNames = ["auto", "bubblewrap", "pty", "docker"] as const

export const sandboxAsked = {
  sandbox: {
    kind: oneOf(sandboxNames, { placeholder: "NAME" }),
    heading: "Sandbox",
    help: "auto, bubblewrap, docker or pty",
    more:
      "With pty only Vim's restricted mode confines it; auto is bubblewrap, or pty where that is not installed and the keys are your own.",
    default: "auto",
    onlyTyped: true
  },
  dockerImage: {
    kind: text("IMAGE"),
    heading: "Sandbox",
    help: "With docker: an image that has Vim",
    default: "retrace-vim",
    onlyTyped: true
  },
  vimOptions: {
    kind: oneOf(vimOptionsNames, { placeholder: "NAME" }),
    heading: "Sandbox",
    help: "Options of Vim: defaults, vimgolf or none",
    more: "defaults is Vim's defaults.vim, as far as it changes what keys do; none is vim -u NONE.",
    default: defaultVimOptions,
    isRecorded: true
  },
  timeLimit: {
    kind: number({ above: 0 }, "SECONDS"),
    heading: "Sandbox",
    help: "Time that the keys of one attempt may take",
    default: defaultLimits.wallMillis / 1000,
    onlyTyped: true
  },
  memoryLimit: {
    kind: mebibytes({ from: 1 }),
    heading: "Sandbox",
    help: "Memory of one Vim",
    default: defaultLimits.memoryBytes,
    onlyTyped: true
  },
  outputLimit: {
    kind: mebibytes({ from: 1 }),
    heading: "Sandbox",
    help: "With pty: most that one attempt may draw",
    default: defaultLimits.outputBytes,
    onlyTyped: true
  },
  fileLimit: {
    kind: mebibytes({ from: 1 }),
    heading: "Sandbox",
    help: "Most that one attempt may write",
    default: defaultLimits.fileBytes,
    onlyTyped: true
  }
} as const
