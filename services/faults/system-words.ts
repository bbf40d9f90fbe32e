/** What the operating system says when it refuses a file or an address, in words that a user can act on. */

const words: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  NotFound: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  PermissionDenied: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "a file of this size is not allowed",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  EEXIST: "a file of that name is there",
  AlreadyExists: "a file of that name is there",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EBUSY: "it is in use",
  Busy: "it is in use",
  EADDRINUSE: "the address is in use already",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "there is no such host",
  ECONNREFUSED: "nobody is listening there"
}

const fieldOf = (value: unknown, name: "code" | "reason" | "cause"): unknown =>
  typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined

/** Returns the code of a refusal, such as "ENOENT", looking through whatever wraps it; "" when there is no code. */
export const systemCode = (cause: unknown): string => {
  const code = fieldOf(cause, "code")
  if (typeof code === "string") return code
  const inner = fieldOf(cause, "cause")
  const within = inner === undefined ? "" : systemCode(inner)
  if (within !== "") return within
  const reason = fieldOf(cause, "reason")
  return typeof reason === "string" ? reason : ""
}

/**
 * Returns why the system refused, without a final stop: "permission denied" for EACCES. A code without words here is
 * named as it is, and a cause without a code is told by the first line of its message.
 *
 * @example
 * systemWords(Object.assign(new Error("x"), { code: "ENOSPC" })) // "no space is left on the device"
 */
export const systemWords = (cause: unknown): string => {
  const code = systemCode(cause)
  const known = words[code]
  if (known !== undefined) return known
  if (/^E[A-Z]+$/.test(code)) return `the system says ${code}`
  const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n")
  return line
}
