/**
 * Secrets of 115 kinds are planted in a repository, in its history, in what its commits say, and in rows that come as
 * files; no task may show a piece of one in anything that it writes. What is no secret stays.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { holdsSecret, secretIn } from "../../services/secrets/secret-in.ts"
import { type ChatServer, startChatServer } from "../support/chat-server.ts"
import { furtherKinds, knownKinds, laterKinds, plant, type Planted } from "../support/planted-secrets.ts"
import { rowsIn } from "../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { withSandbox } from "../support/with-tools.ts"

const kinds = Object.entries({ ...knownKinds, ...furtherKinds, ...laterKinds })
const planted = kinds.map(([name, kind]) => ({ name, ...plant(name, kind) }))

/** Pieces of a secret: a row that shows one of them shows too much. */
const piecesOf = ({ secret }: Planted): ReadonlyArray<string> => {
  const length = Math.min(12, secret.length)
  const starts = [0, (secret.length - length) >> 1, secret.length - length]
  return starts.map((start) => secret.slice(start, start + length))
}

/** The names of the kinds of which a piece is shown. */
const leaksIn = (shown: string, all: ReadonlyArray<Planted & { readonly name: string }> = planted) =>
  all.filter((one) => piecesOf(one).some((piece) => shown.includes(piece))).map(({ name }) => name)

const filesIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, "utf8")).join("\n")

/** What stands in one line, whatever it holds. */
const told = (line: string): string => line.replaceAll("\n", "\\n")

/** A module with a line in the midst of what a cut may take. */
const moduleWith = (line: string, salt: string, limit = 1) =>
  `import os\n\n\n${pythonModule(2, salt)}\n\ndef connect_${salt}(client, limit=${limit}):\n` +
  `    """Opens a connection."""\n    first = os.getenv("FIRST")\n    ${line}\n    second = first + str(limit)\n` +
  `    return client, second\n\n\n${pythonModule(1, `${salt}_more`)}`

/** Commits one file after the other, by one process of git. */
const commitEach = (
  { git, path }: TestRepository,
  commits: ReadonlyArray<{ readonly subject: string; readonly path: string; readonly text: string }>
) => {
  const dataOf = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const input = commits.map(({ path, subject, text }, index) =>
    `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_700_001_000 + index} +0000\n${dataOf(subject)}` +
    `${index === 0 ? "from refs/heads/main^0\n" : ""}M 100644 inline ${path}\n${dataOf(text)}`
  ).join("")
  execFileSync("git", ["fast-import", "--quiet"], { cwd: path, input })
  git("reset", "--quiet", "--hard", "main")
}

let root = ""
let repository: TestRepository
let ordinary: TestRepository
const at = (name: string) => join(root, name)
const servers: Array<ChatServer> = []

/** What looks like a secret and is none. */
const harmless: ReadonlyArray<string> = [
  "url = \"https://user:pass@example.com/shop\"",
  "url = \"postgres://postgres:postgres@localhost:5432/test\"",
  "url = f\"https://{user}:{password}@{host}/\"",
  "url = \"https://${USER}:${TOKEN}@git.corp-internal.net\"",
  `key = "AKI${"A"}IOSFODNN7EXAMPLE"`,
  "aws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
  `token = "gh${"p"}_${"x".repeat(36)}"`,
  `token = "sk${"_"}live_${"0".repeat(24)}"`,
  "token = \"your-token-here\"",
  "token = \"<token>\"",
  "api_key = \"${API_KEY}\"",
  "api_key = \"abcabcabcabcabcabcabcabcabcabcabcabc\"",
  "password = \"changeme\"",
  "password = getpass.getpass(\"Password: \")",
  "password_hash = \"$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW\"",
  "secret = os.environ[\"SECRET_KEY_2\"]",
  `header = "-----BEGIN ${"PRIVATE"} KEY-----"`,
  "alphabet = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\"",
  "integrity = \"sha384-oqVuAfXRKap7fdgcCY5uykM6R9GqQ8K1uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"",
  "commit = \"2ac89889f4cc330eabd50f295dcef02828522c69\"",
  "trace_id = \"550e8400-e29b-41d4-a716-446655440000\"",
  "nonce = {\"Sec-WebSocket-Key\": \"dGhlIHNhbXBsZSBub25jZQ==\"}",
  "headers = {\"Sec-WebSocket-Key\": \"x3JJHMbDL1EzLkh9GBhXDw==\"}",
  "lock_token = \"urn:uuid:a515cfa4-5da4-22e1-f5b5-00a0451e6bf7\"",
  "secret = State.InSFCRootTagName",
  "raise TokenDoesNotBelongToTheUserWhoIsLoggedIn(token_of_user_2)"
]

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("planted")
  for (const [index, { line }] of planted.entries()) {
    repository.write(`held/k${index}.py`, moduleWith(line, `held${index}`))
    repository.write(`gone/k${index}.py`, moduleWith(line, `gone${index}`))
    repository.write(
      `used/k${index}.py`,
      `from held.k${index} import connect_held${index}\n\n\n${
        pythonModule(1, `used${index}`)
      }\nprint(connect_held${index}(1))\n`
    )
    repository.write(`said/k${index}.py`, pythonModule(1, `said${index}`))
  }
  repository.commit("Add it all")
  for (const [index, { line }] of planted.entries()) {
    repository.write(`held/k${index}.py`, moduleWith(line, `held${index}`, 1000 + index))
    repository.write(`gone/k${index}.py`, moduleWith("client = os.getenv(\"CLIENT\")", `gone${index}`))
  }
  repository.write("used/k0.py", `${pythonModule(1, "used0").replace("total = 0", "total = limit")}\nprint(0)\n`)
  repository.commit("Change the lines around")
  const grown = (index: number) => `${pythonModule(1, `said${index}`)}\n\n${pythonModule(1, `said${index}_more`)}`
  commitEach(
    repository,
    planted.map(({ line }, index) => ({ subject: `Add ${told(line)}`, path: `said/k${index}.py`, text: grown(index) }))
  )
  ordinary = makeRepository("ordinary")
  for (const [index, line] of harmless.entries()) ordinary.write(`h${index}.py`, moduleWith(line, `h${index}`))
  ordinary.commit("Add what is harmless")
})

afterAll(async () => {
  repository.dispose()
  ordinary.dispose()
  await Promise.all(servers.map((server) => server.close()))
})

/** Runs a task into a folder and gives all that it wrote, there and on its streams. */
const shownBy = async (name: string, args: ReadonlyArray<string>, output: string) => {
  mkdirSync(at(name))
  const ended = await runTask([...args, "-o", at(`${name}/${output}`)])
  assert.strictEqual(ended.code, 0, ended.stderr)
  return `${ended.stdout}${ended.stderr}${filesIn(at(name))}`
}

describe("no task shows a piece of a secret that stands in a repository", () => {
  const all = "fim,sft,kto,dpo"
  const generate: Readonly<Record<string, ReadonlyArray<string>>> = {
    "history, as edits": ["--dataset-type", "kto"],
    "history, in all formats": ["--dataset-type", all, "--format", "MIXED", "--character-share", "0.5"],
    "history, with other files": [
      "--dataset-type",
      "sft",
      "--cross-file-context",
      "--bm25-context",
      "--no-context-share",
      "0"
    ],
    "a tree": ["--source", "tree", "--dataset-type", all],
    "a tree, cut anywhere": ["--source", "tree", "--dataset-type", "fim", "--character-share", "1"],
    "a tree, with other files": [
      "--source",
      "tree",
      "--dataset-type",
      "fim",
      "--cross-file-context",
      "--bm25-context",
      "--no-context-share",
      "0"
    ]
  }
  it.each(Object.entries(generate))("generate, from %s", async (name, flags) => {
    const place = `generate ${name}`
    const shown = await shownBy(place, [
      "generate",
      "--repo",
      repository.path,
      ...flags,
      "--no-quality-filter",
      "--rejected",
      at(`${place}/rejected.jsonl`)
    ], "rows")
    assert.deepStrictEqual(leaksIn(shown), [])
    const { ledger } = JSON.parse(readFileSync(at(`${place}/rows/metadata.json`), "utf8"))
    const stage = flags.includes("tree") ? ledger.files : ledger.changes
    // Held twice in history, gone once, and told once by a commit.
    assert.strictEqual(stage.leftOut.secret, flags.includes("tree") ? kinds.length : 5 * kinds.length)
    assert.isAbove(stage.kept, 0)
  })

  it.each([["history"], ["tree"]])("generate --preview, from a %s", async (source) => {
    const ended = await runTask(["generate", "--source", source, "--preview", "1000", repository.path])
    assert.include(ended.stdout, "— 1: ")
    assert.deepStrictEqual(leaksIn(ended.stdout + ended.stderr), [])
  })

  it.each([
    ["files", []],
    ["prompts of every state", ["--format", "prompt-completion", "--states", "each"]],
    ["histories", ["--from-history"]],
    ["histories of functions", ["--from-history", "--history-unit", "function"]]
  ])("lintseq, from %s", async (name, flags) => {
    const place = `lintseq ${name}`
    const shown = await shownBy(place, [
      "lintseq",
      "--repo",
      repository.path,
      ...flags,
      "--rejected",
      at(`${place}/rejected.jsonl`)
    ], "rows.jsonl")
    assert.deepStrictEqual(leaksIn(shown), [])
    assert.include(shown, "compute_used0")
  })

  it("lintseq, from a folder, in a preview", async () => {
    const ended = await runTask(["lintseq", "--directory", repository.path, "--preview", "1000"])
    assert.include(ended.stdout, "compute_used0")
    assert.deepStrictEqual(leaksIn(ended.stdout + ended.stderr), [])
  })

  it("vim-loop, of its edits", async () => {
    const ended = await runTask(["vim-loop", "--repo", repository.path, "--list-edits"])
    assert.deepStrictEqual(leaksIn(ended.stdout + ended.stderr), [])
  })
})

const jsonLines = (name: string, rows: ReadonlyArray<unknown>): string => {
  writeFileSync(at(name), rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""))
  return at(name)
}

describe("no task shows a piece of a secret that came in a file of rows", () => {
  it("lintseq, whatever field of a row it stands in, and whether or not the row is one", async () => {
    const rows = planted.flatMap(({ line, name }, index) => [
      { instruction: "Connect.", response: moduleWith(line, `row${index}`) },
      { instruction: `Connect: ${told(line)}`, response: pythonModule(1) },
      { instruction: "Connect.", response: `Take ${line}:\n\`\`\`python\n${pythonModule(1)}\`\`\`\n` },
      { instruction: "Connect.", response: `def broken(:\n    ${line}\n` },
      { instruction: "Connect.", reply: line },
      { instruction: "Connect.", response: { [name]: [line] } },
      [line],
      `{"instruction": "Connect.", ${"no JSON ".repeat(115)} ${JSON.stringify(line)}`
    ])
    mkdirSync(at("rows"))
    const input = jsonLines("lintseq.jsonl", [...rows, { instruction: "Add.", response: pythonModule(1, "clean") }])
    const shown = await shownBy(
      "rows/written",
      ["lintseq", "--input", input, "--rejected", at("rows/rejected.jsonl")],
      "rows.jsonl"
    )
    assert.deepStrictEqual(leaksIn(shown + filesIn(at("rows"))), [])
    assert.include(shown, "compute_clean0")
    const printed = await runTask(["lintseq", "--input", input, "-o", "-"])
    assert.deepStrictEqual(leaksIn(printed.stdout), [])
    const previewed = await runTask(["lintseq", "--input", input, "--preview", "1000"])
    assert.deepStrictEqual(leaksIn(previewed.stdout), [])
  })

  const pairs = () => [
    ...planted.flatMap(({ line }, index) => [
      { source: `first = ${index}\n${line}\n`, target: `second = ${index}\n${line}\n` },
      { source: `token = None # ${index}\n`, target: `${line} # ${index}\n` },
      { source: `${line} # ${index}\n`, target: `token = None # ${index}\n` },
      { source: `third = ${index}\n`, target: `fourth = ${index}\n`, filepath: `keys/${told(line)}.py` }
    ]),
    { source: "one two\n", target: "one three\n" }
  ]

  it("vim-loop, of its edits", async () => {
    const ended = await runTask(["vim-loop", "--pairs", jsonLines("pairs.jsonl", pairs()), "--list-edits"])
    assert.deepStrictEqual(leaksIn(ended.stdout), [])
    assert.strictEqual(rowsIn(ended.stdout).length, 1)
  })

  it("report, of the rows that it shows", async () => {
    mkdirSync(at("foreign"))
    jsonLines(
      "foreign/train.jsonl",
      planted.flatMap(({ line, name, secret }, index) => {
        const middle = line.indexOf(secret) + 6
        return [
          { text: line, kind: name, language: told(line) },
          {
            prompt: `<|fim_prefix|>first = ${index}\n${line.slice(0, middle)}<|fim_suffix|>\nlast = 1\n<|fim_middle|>`,
            completion: line.slice(middle)
          }
        ]
      })
    )
    const ended = await runTask(["report", at("foreign"), "--samples", "1000"])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const shown = readFileSync(at("foreign/report.html"), "utf8") + readFileSync(at("foreign/README.md"), "utf8")
    assert.deepStrictEqual(leaksIn(shown), [])
    assert.include(shown, "(holds a secret)")
  })

  withSandbox.it(
    "vim-loop, of what it asks a model, of the answers, and of their journal",
    { timeout: 120_000 },
    async () => {
      const typed = planted.filter(({ line }) => !line.includes("\n"))
      const fence = "```"
      const server = await startChatServer({
        answer: (_, number, choice) =>
          `${fence}vim\ncw${
            (typed[(8 * number + choice) % typed.length]?.line ?? "").replaceAll("<", "<lt>")
          }<Esc>\n${fence}`,
        count: "taken"
      })
      servers.push(server)
      const clean = Array.from(
        { length: 24 },
        (_, index) => ({ source: `one two ${index}\n`, target: `one three ${index}\n` })
      )
      const examples = typed.map(({ line }, index) => ({
        source: `x${index}\n`,
        target: `${line}\n`,
        keys: `cw${line.replaceAll("<", "<lt>")}<Esc>`
      }))
      const shown = await shownBy("chat", [
        "vim-loop",
        "--pairs",
        jsonLines("asked.jsonl", [...clean, ...pairs()]),
        "--predictor",
        "chat",
        "--endpoint",
        server.endpoint,
        "--model",
        "toy",
        "--examples-from",
        jsonLines("examples.jsonl", examples),
        "--rounds",
        "2"
      ], "run")
      assert.isAbove(server.asked.length, 24)
      assert.deepStrictEqual(leaksIn(server.asked.map(({ body }) => JSON.stringify(body)).join("\n")), [])
      assert.deepStrictEqual(leaksIn(shown), [])
      const [turn] = rowsIn(readFileSync(at("chat/run/attempts.jsonl"), "utf8"))
      assert.deepInclude(turn.refused, { reason: "secret", count: 8 })
    }
  )
})

describe("a secret is found whatever it is wrapped in", () => {
  const secretOf = (name: keyof typeof knownKinds): Planted => plant(name, knownKinds[name], "wrapped")
  const github = secretOf("GitHub token")
  const amazon = secretOf("AWS secret key")
  const stripe = secretOf("Stripe secret key")
  const rsa = secretOf("RSA private key")
  const openssh = secretOf("OpenSSH private key")
  const password = secretOf("assigned password")
  const mail = secretOf("SendGrid key")
  const wrappings: Readonly<Record<string, string>> = {
    "a line of a diff": `@@ -1,2 +1,2 @@\n def f():\n-    token = None\n+    ${github.line}\n`,
    "a private key in a diff": rsa.line.replace(/^/gm, "+"),
    "a private key in wrapped strings": rsa.line.replace(/^(.*)$/gm, "    \"$1\\n\" +"),
    "a private key in a comment": rsa.line.replace(/^/gm, "# "),
    "a private key with carriage returns": rsa.line.replaceAll("\n", "\r\n"),
    "a private key with its head cut off": rsa.line.split("\n").slice(1).join("\n"),
    "an OpenSSH key with its head cut off": openssh.line.split("\n").slice(1).join("\n"),
    "a private key in base64": `data:\n  tls.key: ${
      Buffer.from(rsa.line.slice(rsa.line.indexOf("-----"))).toString("base64")
    }\n`,
    "a private key in JSON in JSON": JSON.stringify(JSON.stringify({ key: rsa.line })),
    "a password in JSON in JSON": JSON.stringify(JSON.stringify({ password: password.secret })),
    "keystrokes": `iexport TOKEN=${github.secret}<Esc>0cw`,
    "keystrokes of a private key": `i${rsa.line.replaceAll("\n", "<CR>")}<Esc>`,
    "a line behind a comment for secretlint": `# secretlint-disable\n${github.line}\n# secretlint-enable\n`,
    "a line with a comment for secretlint": `${mail.line}  # secretlint-disable-line\n`,
    "a line behind a comment for the next line": `// secretlint-disable-next-line\n${stripe.line}\n`,
    "a line with comments for other scanners":
      `${amazon.line}  # nosec gitleaks:allow pragma: allowlist secret noqa: S105\n`,
    "a long line": `${"let a=1;".repeat(400)}${github.line};${"let b=2;".repeat(400)}`,
    "an environment file": `export AWS_SECRET_ACCESS_KEY=${amazon.secret}\n`,
    "YAML": `production:\n  secret_key: ${amazon.secret}\n`,
    "a header": `curl -H 'X-Api-Key: ${amazon.secret}' https://shop.test`,
    "a call": `client = connect(host, password="${password.secret}")`,
    "a default": `os.environ.setdefault("API_TOKEN", "${amazon.secret}")`,
    "a connection string": `Server=tcp:db;Initial Catalog=shop;User ID=ada;Password=${password.secret};Encrypt=True`,
    "an answer in Markdown": `Use this:\n\n    ${github.line}\n`,
    "a word of a longer name": `backup-${github.secret}.tar`,
    "text in another script": `# пароль 密码\n${github.line}  # 🔑\n`
  }
  it.each(Object.entries(wrappings))("%s", (_, text) => assert.isTrue(holdsSecret(text), text))

  it("and no row of lintseq shows it", async () => {
    const rows = Object.values(wrappings).map((text) => ({ instruction: null, response: text }))
    const shown = await shownBy("wrapped", [
      "lintseq",
      "--input",
      jsonLines("wrapped.jsonl", [...rows, { instruction: "", response: "x = 1\n" }]),
      "--rejected",
      at("wrapped-rejected.jsonl")
    ], "rows.jsonl")
    const all = [github, amazon, stripe, rsa, openssh, password, mail].map((one, index) => ({
      ...one,
      name: String(index)
    }))
    assert.deepStrictEqual(leaksIn(shown + readFileSync(at("wrapped-rejected.jsonl"), "utf8"), all), [])
  })
})

describe("a long text costs no more than its length", () => {
  it.each([
    "a.",
    "a/",
    "A1b-",
    "xoxb-",
    "eyJ-",
    "eyJabcdefghijklmn.",
    "sk-",
    "AKIA",
    "SG.",
    "machine ",
    "curl ",
    "Basic ",
    "pw",
    "password=pw",
    "password = ",
    "\"auth\": \"",
    "://a:",
    "://pw:pwpwpw@",
    "-----BEGIN A ",
    "LS0tLS1CRUdJTi",
    "{",
    "<",
    "$2b$"
  ])("%j, over and over", (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    const start = performance.now()
    holdsSecret(`${text} !`)
    holdsSecret(text.replaceAll(" ", "-"))
    holdsSecret(`password = "${text.slice(0, 120)}X7!"`)
    // A twentieth of this is usual; what grows faster than the text takes minutes.
    assert.isBelow(performance.now() - start, 5000)
  })
})

describe("drawn again and again", () => {
  it.each(kinds)("%s is found", (name, kind) => {
    const draws = 100
    const missed = Array.from({ length: draws }, (_, salt) => plant(name, kind, `again ${salt}`))
      .filter(({ line }) => !holdsSecret(line))
    // What is drawn may look like a name now and then.
    assert.isAtMost(missed.length, draws / 20, missed[0]?.line)
  })
})

describe("what is no secret stays", () => {
  it.each(harmless)("%s", (line) => assert.isUndefined(secretIn(line)))

  it("generate, lintseq and vim-loop leave out none of it", async () => {
    const shown = await shownBy("tree", [
      "generate",
      "--source",
      "tree",
      "--repo",
      ordinary.path,
      "--dataset-type",
      "fim"
    ], "rows")
    assert.notInclude(shown, "\"secret\":")
    const ledger = JSON.parse(readFileSync(at("tree/rows/metadata.json"), "utf8")).ledger
    assert.strictEqual(ledger.files.kept, harmless.length)
    const programs = await shownBy("ordinary", ["lintseq", "--repo", ordinary.path], "rows.jsonl")
    for (const index of harmless.keys()) assert.include(programs, `compute_h${index}0`)
  })
})
