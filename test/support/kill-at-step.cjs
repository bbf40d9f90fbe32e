/**
 * Required by a program before it starts: kills it at step RETRACE_KILL_STEP of what it does to files. A file that is
 * being written then has the first half of what it was to have. Without a number it prints how many steps there are.
 */
const files = require("node:fs/promises")
const { syncBuiltinESMExports } = require("node:module")

const wanted = Number(process.env["RETRACE_KILL_STEP"] ?? 0)
let steps = 0
const isLast = () => ++steps === wanted
const die = () => process.kill(process.pid, "SIGKILL")

for (const name of ["link", "mkdir", "open", "rename", "rm", "truncate", "writeFile"]) {
  const original = files[name]
  files[name] = async (...args) => {
    if (isLast()) die()
    const result = await original(...args)
    if (name === "open") watch(result)
    return result
  }
}

const watch = (file) => {
  const write = file.writeFile.bind(file)
  file.writeFile = async (data) => {
    if (isLast()) {
      const bytes = Buffer.from(data)
      await write(bytes.subarray(0, bytes.length >> 1))
      die()
    }
    return write(data)
  }
}

syncBuiltinESMExports()
process.on("exit", () => process.stdout.write(String(steps)))
