/** A process for one piece, as the program is one: it does what the name of the piece says. */
const { writeFileSync } = require("node:fs")
const { join } = require("node:path")

const piece = (process.env["RETRACE_PIECE"] ?? "").split("/")[1] ?? ""
const folder = process.env["RETRACE_PIECE_FOLDER"] ?? ""
const [, deed, rest] = /^([a-z]+)-?(.*)$/.exec(piece) ?? []

process.stdin.on("end", () => {
  writeFileSync(process.argv[2] ?? "", "input ended")
  process.exit(143)
}).resume()

const deeds = {
  writes: () => writeFileSync(join(folder, "name"), piece),
  kills: () => process.kill(process.pid, "SIGKILL"),
  asked: () => process.kill(process.pid, "SIGTERM"),
  fails: () => {
    process.stderr.write(`Reading\nCannot read "${piece}": it is broken\n`)
    process.exitCode = Number(rest)
  },
  waits: () => {
    writeFileSync(join(folder, "begun"), String(process.pid))
    setInterval(() => undefined, 1000)
  },
  fills: () => {
    const held = []
    for (;;) held.push(Array.from({ length: 1e6 }, () => held.length))
  }
}
deeds[deed ?? ""]?.()
if (deed !== "waits") process.stdin.pause()
