/** What git finds of the user's environment: how to reach and trust a repository, and nothing that says which one. */
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { gitEnvironment } from "../../layers/git/environment.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"

describe("gitEnvironment", () => {
  it.each([
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "GIT_PROXY_COMMAND",
    "GIT_PROXY_SSL_CAINFO",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_SSL_NO_VERIFY",
    "GIT_SSL_VERSION",
    "GIT_HTTP_USER_AGENT",
    "GIT_HTTP_PROXY_AUTHMETHOD",
    "GIT_HTTP_LOW_SPEED_LIMIT",
    "GIT_EXEC_PATH",
    "GIT_TERMINAL_PROMPT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_0",
    "GIT_CONFIG_VALUE_12",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "http_proxy",
    "https_proxy",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "HOME",
    "XDG_CONFIG_HOME",
    "PATH"
  ])("keeps %s", (name) => {
    assert.strictEqual(gitEnvironment({ [name]: "given" })[name], "given")
  })

  it.each([
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_CONFIG",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_PAGER",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_ATTR_SOURCE",
    "GIT_ATTR_NOSYSTEM",
    "GIT_LITERAL_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NOTES_REF",
    "GIT_BASENAME_FACTOR",
    "GIT_ALLOC_LIMIT",
    "GIT_MMAP_LIMIT",
    "GIT_TEMPLATE_DIR",
    "GIT_DEFAULT_HASH",
    "GIT_DEFAULT_REF_FORMAT",
    "GIT_PROTOCOL",
    "GIT_PROTOCOL_FROM_USER",
    "GIT_REF_PARANOIA",
    "GIT_REDIRECT_STDOUT",
    "GIT_TRACE",
    "GIT_TRACE_SETUP",
    "GIT_CURL_VERBOSE",
    "GIT_TRACE_REDACT",
    "GIT_OF_TOMORROW",
    "PAGER",
    "EDITOR",
    "VISUAL",
    "PREFIX"
  ])("drops %s", (name) => {
    assert.isUndefined(gitEnvironment({ [name]: "1" })[name])
  })

  it.each([
    ["GIT_TRACE", "/tmp/trace", "/tmp/trace"],
    ["GIT_TRACE2_EVENT", "af_unix:/tmp/socket", "af_unix:/tmp/socket"],
    ["GIT_TRACE", "1", undefined],
    ["GIT_TRACE", "2", undefined],
    ["GIT_TRACE", "true", undefined]
  ])("lets a trace go to a file or a socket only: %s=%s", (name, value, expected) => {
    assert.strictEqual(gitEnvironment({ [name]: value })[name], expected)
  })

  it.each([
    ["GIT_NO_LAZY_FETCH", "0", "1"],
    ["GIT_OPTIONAL_LOCKS", "1", "0"],
    ["LC_ALL", "de_DE.UTF-8", "C"],
    ["GIT_ALLOW_PROTOCOL", "ext", "none"]
  ])("is stronger than the user where it must be: %s=%s", (name, value, expected) => {
    assert.strictEqual(gitEnvironment({ [name]: value })[name], expected)
  })

  it("prompts only where the user says so, and speaks only what both allow", () => {
    assert.strictEqual(gitEnvironment({})["GIT_TERMINAL_PROMPT"], "0")
    const clones = ["https", "ssh", "file"]
    const allowed = (given: NodeJS.ProcessEnv) => gitEnvironment(given, clones)["GIT_ALLOW_PROTOCOL"]
    assert.strictEqual(allowed({}), "https:ssh:file")
    assert.strictEqual(allowed({ GIT_ALLOW_PROTOCOL: "ssh:ext" }), "ssh")
    assert.strictEqual(allowed({ GIT_ALLOW_PROTOCOL: "ext" }), "none")
    assert.strictEqual(allowed({ GIT_ALLOW_PROTOCOL: "" }), "none")
  })
})

describe("the program", () => {
  let repository: TestRepository
  let other: TestRepository
  let root = ""
  const at = (name: string) => join(root, name)
  const own = { ...process.env }
  const run = async (args: ReadonlyArray<string>, environment: NodeJS.ProcessEnv) => {
    Object.assign(process.env, { XDG_CACHE_HOME: at("cache"), ...environment })
    const ended = await runTask([...args, "-q"])
    for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name]
    Object.assign(process.env, own)
    return ended
  }
  /** A program that notes that it was called, and with what. */
  const noting = (name: string) => {
    writeFileSync(at(name), `#!/bin/sh\necho "$@" >> '${at(`${name}.log`)}'\nexit 1\n`)
    chmodSync(at(name), 0o755)
    return at(name)
  }

  beforeAll(() => {
    root = temporaryFolder()
    repository = makeRepository("project")
    other = makeRepository("other")
    for (const step of [1, 2, 3]) {
      repository.write("a.py", pythonModule(step + 1, "a"))
      repository.commit(`step ${step}`)
    }
    other.write("b.py", pythonModule(2, "b"))
    other.commit("another repository")
  })
  afterAll(() => {
    for (const made of [repository, other]) made.dispose()
    rmSync(root, { recursive: true, force: true })
  })

  it.each(["GIT_SSH_COMMAND", "GIT_SSH"])("clones through the program in %s", async (name) => {
    const wrapper = noting(`wrapper-${name}`)
    const ended = await run(["generate", "--repo", "git@127.0.0.1:/x.git", "-o", at("ssh")], { [name]: wrapper })
    assert.strictEqual(ended.code, 66, ended.stderr)
    assert.include(readFileSync(`${wrapper}.log`, "utf8"), "git-upload-pack '/x.git'")
  })

  it("clones through a proxy", async () => {
    const ended = await run(["generate", "--repo", "http://127.0.0.1:9/x.git", "-o", at("proxy")], {
      http_proxy: "http://127.0.0.1:7",
      NO_PROXY: "",
      no_proxy: ""
    })
    assert.strictEqual(ended.code, 66)
    assert.include(ended.stderr, "port 7")
  })

  it("finds the user's settings: a shorter name for a place, by each way to set it", async () => {
    const name = `url.file://${root}/.insteadOf`
    cpSync(repository.path, at("project"), { recursive: true })
    writeFileSync(at("gitconfig"), `[url "file://${root}/"]\n\tinsteadOf = ssh://short/\n`)
    for (
      const [way, environment] of Object.entries({
        count: { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: name, GIT_CONFIG_VALUE_0: "ssh://short/" },
        global: { GIT_CONFIG_GLOBAL: at("gitconfig") },
        parameters: { GIT_CONFIG_PARAMETERS: `'${name}'='ssh://short/'` }
      })
    ) {
      const place = { ...environment, XDG_CACHE_HOME: at(`cache-${way}`) }
      const ended = await run(["lintseq", "--repo", "ssh://short/project", "-o", at(`${way}.jsonl`)], place)
      assert.strictEqual(ended.code, 0, ended.stderr)
    }
  })

  it("trusts a repository of another user where the user says so", async ({ skip }) => {
    skip(process.getuid?.() !== 0, "only root can give a folder to another user")
    const owned = at("owned")
    cpSync(repository.path, owned, { recursive: true })
    for (const entry of ["", ...readdirSync(owned, { recursive: true })]) {
      chownSync(join(owned, String(entry)), 65_534, 65_534)
    }
    const refused = await run(["lintseq", "--repo", owned, "-o", at("owned.jsonl")], {})
    assert.include(refused.stderr, "dubious ownership")
    const trusting = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" }
    const trusted = await run(["lintseq", "--repo", owned, "-o", at("owned.jsonl")], trusting)
    assert.strictEqual(trusted.code, 0, trusted.stderr)
  })

  it("reads the repository that it is asked to, as from within another one's hook", async () => {
    const hook = {
      GIT_DIR: join(other.path, ".git"),
      GIT_WORK_TREE: other.path,
      GIT_INDEX_FILE: join(other.path, ".git", "index"),
      GIT_OBJECT_DIRECTORY: join(other.path, ".git", "objects"),
      GIT_COMMON_DIR: join(other.path, ".git"),
      GIT_PREFIX: "lib/",
      GIT_NAMESPACE: "other",
      GIT_CONFIG: join(other.path, ".git", "config"),
      GIT_LITERAL_PATHSPECS: "1",
      GIT_TRACE: "1",
      GIT_TRACE_SETUP: "2",
      GIT_EXTERNAL_DIFF: noting("diff"),
      GIT_PAGER: noting("pager"),
      GIT_EDITOR: noting("editor")
    }
    mkdirSync(at("plain"))
    cpSync(join(repository.path, "a.py"), at("plain/a.py"))
    for (
      const [name, args] of Object.entries({
        tree: ["lintseq", "--repo", repository.path],
        history: ["lintseq", "--repo", repository.path, "--from-history"],
        folder: ["lintseq", "--directory", repository.path],
        plain: ["lintseq", "--directory", at("plain")],
        clone: ["lintseq", "--repo", `file://${repository.path}`]
      })
    ) {
      const calm = await run([...args, "-o", at(`${name}-calm.jsonl`)], {})
      const hooked = await run([...args, "-o", at(`${name}-hooked.jsonl`)], hook)
      assert.strictEqual(hooked.code, 0, hooked.stderr)
      assert.strictEqual(hooked.stderr, calm.stderr)
      assert.strictEqual(
        readFileSync(at(`${name}-hooked.jsonl`), "utf8"),
        readFileSync(at(`${name}-calm.jsonl`), "utf8")
      )
    }
    for (const name of ["diff", "pager", "editor"]) assert.isFalse(existsSync(at(`${name}.log`)), name)
  })
})
