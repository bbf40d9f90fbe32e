import { assert, it } from "@effect/vitest"
import { holdsSecret, holdsSecretNear } from "../../services/secrets/secret-in.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { randomOf } from "../../services/text/random.ts"
import { longSource } from "../support/long-sources.ts"
import { furtherKinds, knownKinds, laterKinds, plant } from "../support/planted-secrets.ts"

const kinds = Object.entries({ ...knownKinds, ...furtherKinds, ...laterKinds })

it.each(kinds)("%s: is found near what was written, and nowhere else", (name, kind) => {
  const clean = longSource("python", 60)
  assert.isFalse(holdsSecret(clean))
  for (let draw = 0; draw < 6; draw++) {
    const lines = clean.split("\n")
    const at = randomOf("near", name, draw).below(lines.length)
    const planted = [...lines.slice(0, at), ...plant(name, kind, draw).line.split("\n"), ...lines.slice(at)].join("\n")
    const written = lineDiff(clean, planted).map((hunk) => hunk.new)
    assert.strictEqual(holdsSecretNear(planted, written), holdsSecret(planted), `${name} at ${at}`)
    const elsewhere = { start: planted.length - 10, end: planted.length }
    if (at < lines.length - 60) assert.isFalse(holdsSecretNear(planted, [elsewhere]))
  }
})

it("a secret that a change completes is found, though the change holds a piece of it only", () => {
  const before = `a = 1\npassword = ""\n${longSource("python", 20)}`
  const after = before.replace("password = \"\"", "password = \"9fK2mQ7xLp4Z\"")
  const written = [{ start: after.indexOf("9fK2"), end: after.indexOf("9fK2") + 4 }]
  assert.isTrue(holdsSecret(after))
  assert.isTrue(holdsSecretNear(after, written))
})
