/**
 * What git may take from the user's environment, name by name: how to reach and trust a repository is the user's to say.
 * Which repository, index, tree, pager or editor is meant is said by us, and so is what git prints.
 */

/** Names that a user's value keeps, with the reason; a name that ends in "*" stands for all that begin so. */
const kept = {
  // How to reach a repository. No call but a clone and its fetch connects to anything.
  GIT_SSH: "names the program that connects over SSH",
  GIT_SSH_COMMAND: "names the program that connects over SSH, with its options",
  GIT_SSH_VARIANT: "says which options that program takes",
  GIT_PROXY_COMMAND: "names the program that connects over the git protocol",
  "GIT_PROXY_SSL_*": "says whom to trust on the way through a proxy",
  "GIT_HTTP_*": "says how to speak HTTP, such as how to log in to a proxy",
  GIT_USER_AGENT: "some servers ask for one",
  GIT_EXEC_PATH: "says where the programs of a git lie that was moved, such as the one that speaks HTTPS",
  // How to log in.
  GIT_ASKPASS: "names the program that knows the password",
  SSH_ASKPASS: "names the program that knows the password",
  GIT_TERMINAL_PROMPT: "the user may want to type the password",
  // Whom to trust.
  "GIT_SSL_*": "says which certificates to trust and to show",
  GIT_CONFIG_GLOBAL: "names the user's configuration, which holds safe.directory, credentials and proxies",
  GIT_CONFIG_SYSTEM: "names the machine's configuration",
  GIT_CONFIG_NOSYSTEM: "leaves out the machine's configuration",
  GIT_CONFIG_COUNT: "counts settings of the user's; ours are stronger",
  "GIT_CONFIG_KEY_*": "is one of those settings",
  "GIT_CONFIG_VALUE_*": "is one of those settings",
  GIT_CONFIG_PARAMETERS: "holds settings of the git that started us; ours are stronger",
  // How far to look for the repository around a folder.
  GIT_CEILING_DIRECTORIES: "keeps git from looking in slow or foreign folders",
  GIT_DISCOVERY_ACROSS_FILESYSTEM: "lets git look beyond a mounted folder"
} as const

/** Names that do not begin with GIT_ and are dropped all the same: programs to show or write a text, and a folder. */
const dropped: ReadonlySet<string> = new Set(["PAGER", "EDITOR", "VISUAL", "PREFIX"])

/** What git tells of its steps goes through to a file or a socket, but not to standard error, which we read. */
const isTraceToFile = (name: string, value: string): boolean =>
  name.startsWith("GIT_TRACE") && /^(?:\/|af_unix:)/.test(value)

const names: ReadonlySet<string> = new Set(Object.keys(kept).filter((name) => !name.endsWith("*")))
const starts = Object.keys(kept).filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1))

/** Whether git finds the user's value: all but what begins with GIT_ goes through, and of that what is named above. */
const isKept = (name: string, value: string): boolean =>
  name.startsWith("GIT_")
    ? names.has(name) || starts.some((start) => name.startsWith(start)) || isTraceToFile(name, value)
    : !dropped.has(name)

/**
 * What every git process finds in its environment: it takes no optional lock, speaks English, and fetches nothing by
 * itself.
 */
const ours = {
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1"
}

/**
 * Returns the environment of a git process. It speaks the protocols that both the caller and the user's own
 * GIT_ALLOW_PROTOCOL name, whatever configuration says of them, and prompts only where the user says so.
 */
export const gitEnvironment = (
  given: NodeJS.ProcessEnv,
  protocols: ReadonlyArray<string> = []
): NodeJS.ProcessEnv => {
  const narrowed = given["GIT_ALLOW_PROTOCOL"]?.split(":")
  const allowed = protocols.filter((protocol) => narrowed?.includes(protocol) ?? true)
  return {
    GIT_TERMINAL_PROMPT: "0",
    ...Object.fromEntries(Object.entries(given).filter(([name, value]) => isKept(name, value ?? ""))),
    ...ours,
    GIT_ALLOW_PROTOCOL: allowed.length === 0 ? "none" : allowed.join(":")
  }
}
