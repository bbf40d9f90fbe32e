/** Programs that leave a mark when they run, and configurations of git that name one wherever git's may name a program. */
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "../support/repository.ts"

export interface Traps {
  /** Where the programs lie. */
  readonly folder: string
  /** Path of a program that leaves a mark of this name. */
  readonly program: (name: string) => string
  /** The marks that were left since the last call. */
  readonly sprung: () => ReadonlyArray<string>
  /** A configuration in which every setting leads to a program. */
  readonly config: (name: string) => string
  readonly dispose: () => void
}

/** Names of git's settings that run a program, or make git go where a program waits. */
const settings = [
  ...["ls-files", "log", "rev-parse", "cat-file", "diff-tree", "ls-tree", "remote", "config", "fetch", "init"]
    .flatMap((command) => [`alias.${command}`, `pager.${command}`]),
  "browser.evil.cmd",
  "browser.evil.path",
  "core.alternateRefsCommand",
  "core.askPass",
  "core.editor",
  "core.fsmonitor",
  "core.gitProxy",
  "core.pager",
  "core.sshCommand",
  "credential.helper",
  "credential.https://example.org.helper",
  "diff.evil.command",
  "diff.evil.textconv",
  "diff.external",
  "difftool.evil.cmd",
  "difftool.evil.path",
  "filter.evil.clean",
  "filter.evil.process",
  "filter.evil.smudge",
  "gc.recentObjectsHook",
  "gpg.openpgp.program",
  "gpg.program",
  "gpg.ssh.defaultKeyCommand",
  "gpg.ssh.program",
  "gpg.x509.program",
  "guitool.evil.cmd",
  "help.browser",
  "imap.tunnel",
  "instaweb.browser",
  "instaweb.httpd",
  "interactive.diffFilter",
  "man.evil.cmd",
  "man.evil.path",
  "man.viewer",
  "merge.evil.driver",
  "mergetool.evil.cmd",
  "mergetool.evil.path",
  "remote.origin.receivepack",
  "remote.origin.uploadpack",
  "sendemail.ccCmd",
  "sendemail.headerCmd",
  "sendemail.smtpServer",
  "sendemail.tocmd",
  "sequence.editor",
  "tar.evil.command",
  "trailer.evil.cmd",
  "trailer.evil.command",
  "uploadpack.packObjectsHook",
  "web.browser"
]

/** What makes git come to those: drivers for every file, signatures shown, protocols allowed, objects promised. */
const leading = [
  ["log.showSignature", "true"],
  ["submodule.recurse", "true"],
  ["fetch.recurseSubmodules", "true"],
  ["filter.evil.required", "false"],
  ["gc.auto", "1"],
  ["protocol.allow", "always"],
  ["protocol.ext.allow", "always"],
  ["remote.origin.promisor", "true"],
  ["remote.origin.vcs", "ext"]
] as const

/** Names of hooks, of all commands. */
const hooks = [
  "post-checkout",
  "post-index-change",
  "pre-auto-gc",
  "post-rewrite",
  "reference-transaction",
  "pre-push",
  "pre-receive",
  "update",
  "post-update",
  "proc-receive",
  "fsmonitor-watchman",
  "pre-commit",
  "post-commit"
]

/** Settings of this git whose names say that they run something and which the list does not know. */
const furtherSettings = (): ReadonlyArray<string> => {
  const known = new Set(settings.map((name) => name.toLowerCase()))
  return execFileSync("git", ["help", "-c"], { encoding: "utf8" }).split("\n")
    .filter((name) =>
      /(?:command|cmd|program|hook|helper|driver|clean|smudge|process|textconv|editor|pager)$/i.test(name)
    )
    .filter((name) => !/^(?:advice|color)\.|\.cachetextconv$/i.test(name))
    .map((name) => name.replace(/<[^>]*>/g, "evil"))
    .filter((name) => !known.has(name.toLowerCase()))
}

const line = (key: string, value: string): string => {
  const [section = "", ...rest] = key.split(".")
  const name = rest.pop() ?? ""
  const subsection = rest.length === 0 ? "" : ` "${rest.join(".")}"`
  return `[${section}${subsection}]\n\t${name} = "${value}"\n`
}

export const makeTraps = (): Traps => {
  const folder = temporaryFolder()
  const marks = join(folder, "marks")
  mkdirSync(marks)
  const program = (name: string): string => {
    const path = join(folder, `run-${name.replace(/[^\w.-]/g, "_")}`)
    writeFileSync(path, `#!/bin/sh\n: > '${marks}/${name.replace(/[^\w.-]/g, "_")}'\nexit 1\n`)
    chmodSync(path, 0o755)
    return path
  }
  const all = [...settings, ...furtherSettings()]
  const attributes = join(folder, "attributes")
  writeFileSync(attributes, "* filter=evil diff=evil merge=evil\n")
  return {
    folder,
    program,
    config: (name) => {
      const hooksFolder = join(folder, `hooks-${name}`)
      plantHooks({ program }, hooksFolder, name)
      return [
        ...all.map((key) => line(key, `${key.startsWith("alias.") ? "!" : ""}${program(`${name}--${key}`)}`)),
        ...leading.map(([key, value]) => line(key, value)),
        line("core.hooksPath", hooksFolder),
        line("core.attributesFile", attributes),
        line("submodule.sub.update", `!${program(`${name}--submodule.update`)}`),
        line(`url.ext::${program(`${name}--insteadOf`)} .insteadOf`, "ssh://"),
        line("init.templateDir", hooksFolder)
      ].join("")
    },
    sprung: () => {
      const sprung = readdirSync(marks).sort()
      for (const mark of sprung) rmSync(join(marks, mark))
      return sprung
    },
    dispose: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts every hook into a folder. */
export const plantHooks = ({ program }: Pick<Traps, "program">, folder: string, name: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const hook of hooks) {
    writeFileSync(join(folder, hook), `#!/bin/sh\nexec '${program(`${name}--hook-${hook}`)}'\n`, { mode: 0o755 })
  }
}
