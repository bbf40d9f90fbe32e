/**
 * Secrets to be planted in sources, drawn and put together when a test runs: no file of the project holds one. Each is in
 * the form that its issuer publishes, and is nobody's.
 */
import { type Random, randomOf } from "../../services/text/random.ts"

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
const smalls = capitals.toLowerCase()
const digits = "0123456789"
const hex = `${digits}abcdef`
const base62 = capitals + smalls + digits
const base64 = `${base62}+/`
const url64 = `${base62}-_`

const drawn = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? "").join("")

const wrapped = (text: string): string => Buffer.from(text, "latin1").toString("base64")

/** Lines of source, and what of them must be shown nowhere. */
export interface Planted {
  readonly line: string
  readonly secret: string
}

type Kind = (draw: (alphabet: string, length: number) => string) => Planted

const named = (name: string, secret: string): Planted => ({ line: `${name} = "${secret}"`, secret })
/** A token that says by itself what it is. */
const token = (...parts: ReadonlyArray<string>): Planted => named("client", parts.join(""))

const pem = (label: string, head: string, body: string): Planted => {
  const lines = (head + body).match(/.{1,64}/g) ?? []
  return {
    line: `KEY = """-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----"""`,
    secret: lines[1] ?? ""
  }
}

/** Kinds that the filter was written for. */
export const knownKinds = {
  "AWS access key": (draw) => token("AKI", "A", draw(`${capitals}234567`, 16)),
  "AWS secret key": (draw) => named("aws_secret_access_key", draw(base64, 40)),
  "AWS session token": (draw) => named("AWS_SESSION_TOKEN", `FwoGZXIvYXdzE${draw(base64, 300)}=`),
  "GitHub token": (draw) => token("gh", "p_", draw(base62, 36)),
  "GitHub fine-grained token": (draw) => token("github", "_pat_", draw(base62, 22), "_", draw(base62, 59)),
  "GitLab token": (draw) => token("gl", "pat-", draw(url64, 20)),
  "Slack bot token": (draw) => token("xox", "b-", draw(digits, 12), "-", draw(digits, 12), "-", draw(base62, 24)),
  "Slack webhook": (draw) =>
    token(
      "https://hooks.",
      "slack.com/services/T",
      draw(capitals + digits, 8),
      "/B",
      draw(capitals + digits, 8),
      "/",
      draw(base62, 24)
    ),
  "Stripe secret key": (draw) => token("sk_", "live_", draw(base62, 24)),
  "Stripe restricted key": (draw) => token("rk_", "live_", draw(base62, 24)),
  "OpenAI key": (draw) => token("sk-", "proj-", draw(url64, 74), "T3Blbk", "FJ", draw(url64, 74)),
  "Anthropic key": (draw) => token("sk-", "ant-api03-", draw(url64, 93), "AA"),
  "Hugging Face token": (draw) => token("hf", "_", draw(capitals + smalls, 34)),
  "npm token": (draw) => token("npm", "_", draw(base62, 36)),
  "PyPI token": (draw) => token("pypi", "-AgEIcHlwaS5vcmc", draw(url64, 150)),
  "Google API key": (draw) => token("AI", "za", draw(url64, 35)),
  "Google client secret": (draw) => token("GOC", "SPX-", draw(url64, 28)),
  "Google service account": (draw) => {
    const body = draw(base64, 200)
    return {
      line:
        `account = '{"type": "service_account", "private_key": "-----BEGIN ${"PRIVATE"} KEY-----\\nMIIEvQ${body}\\n-----END"}'`,
      secret: body
    }
  },
  "Azure storage key": (draw) => {
    const secret = `${draw(base64, 86)}==`
    return {
      line: `store = "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${secret};EndpointSuffix=core"`,
      secret
    }
  },
  "Azure shared access signature": (draw) => {
    const secret = `${draw(base62, 30)}%2B${draw(base62, 10)}%3D`
    return { line: `blob = "https://shop.blob.core.windows.net/a?sv=2022-11-02&sp=r&sig=${secret}"`, secret }
  },
  "Azure client secret": (draw) => token(draw(base62, 3), "8Q", "~", draw(`${url64}~.`, 34)),
  "JSON Web Token": (draw) =>
    token(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
      ".",
      wrapped(`{"sub":"${draw(digits, 9)}","iat":17}`).replaceAll("=", ""),
      ".",
      draw(url64, 43)
    ),
  "RSA private key": (draw) => pem(["RSA", "PRIVATE", "KEY"].join(" "), "MIIEpAIBAAKCAQEA", draw(base64, 700)),
  "OpenSSH private key": (draw) =>
    pem(
      ["OPENSSH", "PRIVATE", "KEY"].join(" "),
      "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAB",
      draw(base64, 700)
    ),
  "PGP private key": (draw) => pem(["PGP", "PRIVATE", "KEY", "BLOCK"].join(" "), "\n\nlQPGBGVx", draw(base64, 700)),
  "Twilio auth token": (draw) => named("twilio_auth_token", draw(hex, 32)),
  "SendGrid key": (draw) => token("SG", ".", draw(url64, 22), ".", draw(url64, 43)),
  "Mailgun key": (draw) => token("key", "-", draw(hex, 32)),
  "Telegram bot token": (draw) => token(`${1 + draw(digits, 9)}`, ":AA", draw(url64, 33)),
  "Discord bot token": (draw) => token("M", draw(base62, 23), ".", draw(url64, 6), ".", draw(url64, 27)),
  "Shopify token": (draw) => token("shp", "at_", draw(hex, 32)),
  "DigitalOcean token": (draw) => token("dop", "_v1_", draw(hex, 64)),
  "address with a password": (draw) => {
    const secret = draw(base62, 12)
    return { line: `mirror = "https://deploy:${secret}@git.corp-internal.net/shop.git"`, secret }
  },
  "database address": (draw) => {
    const secret = draw(base62, 16)
    return { line: `DATABASE_URL = "postgres://shop:${secret}@db.corp-internal.net:5432/shop"`, secret }
  },
  "assigned password": (draw) => named("password", `${draw(base62, 14)}!${draw(base62, 4)}7x`),
  "Databricks token": (draw) => token("da", "pi", draw(hex, 32)),
  "Vault token": (draw) => token("hv", "s.", draw(base62, 24)),
  "Terraform Cloud token": (draw) => token(draw(base62, 14), ".atlas", "v1.", draw(url64, 67)),
  "Doppler token": (draw) => token("dp.", "pt.", draw(base62, 43)),
  "Linear key": (draw) => token("lin", "_api_", draw(base62, 40)),
  "Figma token": (draw) => token("fig", "d_", draw(url64, 40)),
  "Notion token": (draw) => token("ntn", "_", draw(base62, 46)),
  "Sentry token": (draw) => token("sntry", "u_", draw(hex, 64)),
  "New Relic key": (draw) => token("NR", "AK-", draw(capitals + digits, 27)),
  "Datadog key": (draw) => named("DD_API_KEY", draw(hex, 32)),
  "Postman key": (draw) => token("PM", "AK-", draw(hex, 24), "-", draw(hex, 34)),
  "Airtable token": (draw) => token("pat", draw(base62, 14), ".", draw(hex, 64)),
  "Dropbox token": (draw) => token("s", "l.", draw(url64, 135)),
  "Atlassian token": (draw) => token("ATA", "TT3xFfGF0", draw(url64, 180)),
  "Square token": (draw) => token("EAA", "A", draw(url64, 60)),
  "Heroku key": (draw) => named("HEROKU_API_KEY", [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join("-")),
  "Discord webhook": (draw) => token("https://dis", "cord.com/api/webhooks/1", draw(digits, 17), "/", draw(url64, 68)),
  "netrc": (draw) => {
    const secret = draw(base62, 12)
    return { line: `netrc = "machine git.corp-internal.net login ada password ${secret}"`, secret }
  },
  "Docker login": (draw) => {
    const secret = wrapped(`ada:${draw(base62, 14)}`)
    return { line: `config = '{"auths": {"registry.corp-internal.net": {"auth": "${secret}"}}}'`, secret }
  },
  "basic authorization": (draw) => {
    const secret = wrapped(`ada:${draw(base62, 14)}`)
    return { line: `headers = {"Authorization": "Basic ${secret}"}`, secret }
  }
} satisfies Readonly<Record<string, Kind>>

/** Kinds that were chosen when the filter was done, and were not looked at before. */
export const furtherKinds: Readonly<Record<string, Kind>> = {
  "Grafana token": (draw) => token("gl", "sa_", draw(base62, 32), "_", draw(hex, 8)),
  "Fly token": (draw) => token("Fly", "V1 fm2_", draw(base64, 200)),
  "Tailscale key": (draw) => token("ts", "key-auth-k", draw(base62, 11), "CNTRL-", draw(base62, 32)),
  "Brevo key": (draw) => token("xkey", "sib-", draw(hex, 64), "-", draw(base62, 16)),
  "RubyGems key": (draw) => token("ruby", "gems_", draw(hex, 48)),
  "crates.io token": (draw) => token("ci", "o", draw(base62, 32)),
  "CircleCI token": (draw) => token("CCI", "PAT_", draw(base62, 22), "_", draw(hex, 40)),
  "Buildkite token": (draw) => token("bk", "ua_", draw(hex, 40)),
  "SonarQube token": (draw) => token("sq", "u_", draw(hex, 40)),
  "HubSpot token": (draw) => token("pat-", "na1-", [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join("-")),
  "Replicate token": (draw) => token("r", "8_", draw(base62, 37)),
  "Groq key": (draw) => token("gs", "k_", draw(base62, 52)),
  "xAI key": (draw) => token("xa", "i-", draw(base62, 80)),
  "Perplexity key": (draw) => token("pp", "lx-", draw(base62, 48)),
  "LangSmith key": (draw) => token("ls", "v2_pt_", draw(hex, 32), "_", draw(hex, 10)),
  "Pinecone key": (draw) => token("pc", "sk_", draw(base62, 6), "_", draw(base62, 63)),
  "PlanetScale token": (draw) => token("pscale", "_tkn_", draw(url64, 43)),
  "Netlify token": (draw) => token("nf", "p_", draw(base62, 36)),
  "Contentful token": (draw) => token("CF", "PAT-", draw(url64, 43)),
  "EasyPost key": (draw) => token("EZ", "AK", draw(base62, 54)),
  "Flutterwave key": (draw) => token("FLW", "SECK_TEST-", draw(hex, 32), "-X"),
  "Typeform token": (draw) => token("tf", "p_", draw(url64, 59)),
  "Prefect key": (draw) => token("pn", "u_", draw(base62, 36)),
  "WireGuard key": (draw) => named("PrivateKey", `${draw(base64, 42)}8=`),
  "Ethereum key": (draw) => named("private_key", `0x${draw(hex, 64)}`),
  "Okta token": (draw) => {
    const secret = `00${draw(url64, 40)}`
    return { line: `headers = {"Authorization": "SSWS ${secret}"}`, secret }
  },
  "Twitch token": (draw) => named("irc_password", `oauth:${draw(smalls + digits, 30)}`),
  "Braintree token": (draw) => token("access_token$", "production$", draw(smalls + digits, 16), "$", draw(hex, 32)),
  "PostgreSQL password file": (draw) => {
    const secret = draw(base62, 16)
    return { line: `pgpass = "db.corp-internal.net:5432:shop:ada:${secret}"`, secret }
  },
  "Django key": (draw) => named("SECRET_KEY", draw(`${smalls + digits}!@#%^&*(-_=+)`, 50))
}

/** Kinds that were chosen when the others were found, and were not looked at before either. */
export const laterKinds: Readonly<Record<string, Kind>> = {
  "Auth0 client secret": (draw) => named("AUTH0_CLIENT_SECRET", draw(url64, 64)),
  "Asana token": (draw) => named("asana_token", `1/1200${draw(digits, 12)}:${draw(hex, 32)}`),
  "Azure DevOps token": (draw) => named("AZURE_DEVOPS_PAT", draw(`${smalls}234567`, 52)),
  "Snyk token": (draw) => named("SNYK_TOKEN", [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join("-")),
  "ElevenLabs key": (draw) => token("s", "k_", draw(hex, 48)),
  "Resend key": (draw) => token("r", "e_", draw(base62, 8), "_", draw(base62, 24)),
  "Klaviyo key": (draw) => token("p", "k_", draw(hex, 34)),
  "Twitter bearer token": (draw) => named("bearer", `${"A".repeat(22)}${draw(base62, 40)}%3D${draw(base62, 40)}`),
  "Harness token": (draw) => token("pat.", draw(base62, 22), ".", draw(hex, 24), ".", draw(base62, 20)),
  "Scalingo token": (draw) => token("tk-", "us-", draw(base62, 48)),
  "ReadMe key": (draw) => token("rd", "me_", draw(smalls + digits, 70)),
  "Sourcegraph token": (draw) => token("sg", "p_", draw(hex, 16), "_", draw(hex, 40)),
  "Artifactory key": (draw) => token("AK", "Cp8", draw(base62, 69)),
  "Rails master key": (draw) => {
    const secret = draw(hex, 32)
    return { line: `run = "RAILS_MASTER_KEY=${secret} bin/rails server"`, secret }
  },
  "Google HMAC key": (draw) => named("gcs_hmac_secret", draw(base64, 40)),
  "Amazon MWS token": (draw) =>
    named("auth", `amzn.mws.${[8, 4, 4, 4, 12].map((length) => draw(hex, length)).join("-")}`),
  "Slack configuration token": (draw) => token("xoxe.", "xoxp-1-", draw(base62, 166)),
  "elliptic key": (draw) => pem(["EC", "PRIVATE", "KEY"].join(" "), "MHcCAQEEI", draw(base64, 150)),
  "encrypted private key": (draw) =>
    pem(["ENCRYPTED", "PRIVATE", "KEY"].join(" "), "MIIFHDBOBgkqhkiG9w0BBQ0w", draw(base64, 600)),
  "Maven password": (draw) => {
    const secret = draw(base62, 18)
    return { line: `settings = "<server><username>ada</username><password>${secret}</password></server>"`, secret }
  },
  "WordPress salt": (draw) => {
    const secret = draw(`${base62}!@#^&*()-_[]{}|;:,./?~`, 64)
    return { line: `config = "define('AUTH_KEY', '${secret}');"`, secret }
  },
  "Spring password": (draw) => {
    const secret = `${draw(base62, 12)}9aZ`
    return { line: `spring = "spring.datasource.password=${secret}"`, secret }
  },
  "JDBC address": (draw) => {
    const secret = `${draw(base62, 12)}9aZ`
    return { line: `jdbc = "jdbc:mysql://db.corp-internal.net/shop?user=ada&password=${secret}"`, secret }
  },
  "MongoDB address": (draw) => {
    const secret = draw(smalls + digits, 12)
    return { line: `mongo = "mongodb+srv://ada:${secret}@cluster0.corp-internal.net/shop"`, secret }
  },
  "mail address with a password": (draw) => {
    const secret = draw(base62, 12)
    return { line: `mail = "smtps://ada%40corp.net:${secret}@smtp.corp-internal.net:465"`, secret }
  },
  "Redis address without a user": (draw) => {
    const secret = draw(base62, 20)
    return { line: `cache = "rediss://:${secret}@cache.corp-internal.net:6380/0"`, secret }
  },
  "Algolia key": (draw) => named("algolia_admin_api_key", draw(hex, 32)),
  "command with a password": (draw) => {
    const secret = `${draw(base62, 10)}7!q`
    return { line: `dump = "mysqldump --user ada --password ${secret} shop"`, secret }
  },
  "SQL password": (draw) => {
    const secret = `${draw(base62, 10)}7!q`
    return { line: `sql = "CREATE USER 'ada'@'%' IDENTIFIED BY '${secret}'"`, secret }
  },
  "password in a tuple": (draw) => {
    const secret = `${draw(base62, 14)}7q`
    return { line: `session.auth = ("ada", "${secret}")`, secret }
  }
}

/** Draws a secret of a kind. */
export const plant = (name: string, kind: Kind, salt: number | string = 0): Planted => {
  const random = randomOf("planted", name, salt)
  return kind((alphabet, length) => drawn(random, alphabet, length))
}
