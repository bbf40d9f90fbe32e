/**
 * The forms of tokens that say themselves whose they are, as their issuers and other scanners publish them. Each is as
 * wide as ordinary code allows: a form that asks for every last character misses what a cut has shortened.
 */

/** How a token begins, and how it goes on. A head is found wherever a word begins with it. */
type Form = readonly [head: string, rest: string]

const forms: ReadonlyArray<Form> = [
  // Clouds
  ["(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA|ABIA|ACCA)", "[A-Z0-9]{16}"],
  ["AIza", "[\\w-]{16,}"],
  ["GOCSPX-", "[\\w-]{16,}"],
  ["ya29\\.", "[\\w-]{20,}"],
  ["1//0", "[\\w-]{30,}"],
  ["LTAI", "[A-Za-z0-9]{16,}"],
  ["AKID", "[A-Za-z0-9]{32}"],
  ["do[opr]_v1_", "[\\da-f]{32,}"],
  ["HRKU-", "[\\w-]{30,}"],
  // Code and chat
  ["gh[pousr]_", "[A-Za-z0-9]{16,}"],
  ["github_pat_", "\\w{16,}"],
  ["gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-", "[\\w-]{16,}"],
  ["AT(?:ATT3|CTT3|BB)", "[\\w=-]{20,}"],
  ["xox[abceoprs]-", "[\\w.-]{0,100}\\d[\\w.-]{6,}"],
  ["xapp-", "\\d-[\\w-]{10,}"],
  ["hooks\\.slack\\.com/", "\\w+/[\\w/]{20,}"],
  ["discord(?:app)?\\.com/", "api/(?:v\\d+/)?webhooks/\\d+/[\\w-]{30,}"],
  // Models and data
  ["sk-", "(?:ant-[a-z]+\\d\\d|proj|svcacct|admin)-[\\w-]{8,}|\\w{0,200}T3BlbkFJ\\w*"],
  ["hf_", "[A-Za-z0-9]{30,}"],
  ["api_org_", "[A-Za-z0-9]{30,}"],
  ["dapi", "[\\da-f]{32}"],
  // Packages
  ["npm_", "[A-Za-z0-9]{20,}"],
  ["pypi-Ag", "[\\w-]{20,}"],
  ["oy2", "[a-z0-9]{43}(?![a-z0-9])"],
  ["AKCp", "[A-Za-z0-9]{40,}"],
  ["cmVmdGtuOj", "[A-Za-z0-9]{40,}"],
  ["dckr_[po]at_", "[\\w-]{16,}"],
  ["cio", "[A-Za-z0-9]{32}(?![A-Za-z0-9])"],
  ["CCI(?:PAT|PRJ)_", "\\w{30,}"],
  ["CFPAT-", "[\\w-]{30,}"],
  ["pscale_(?:tkn|pw|oauth)_", "[\\w.-]{30,}"],
  // Payment and shops
  ["EZ[AT]K", "[A-Za-z0-9]{50,}"],
  ["(?:[sr]k|rzp)_(?:live|test)_", "[A-Za-z0-9]{10,}"],
  ["whsec_", "[A-Za-z0-9+/]{16,}"],
  ["shp(?:at|ca|pa|ss|tka)_", "[A-Za-z0-9]{16,}"],
  ["sq0(?:atp|csp)-", "[\\w-]{20,}"],
  ["EAA", "(?:A[\\w-]{56,}|[A-Za-z0-9]{80,})"],
  // Mail and messages
  ["SG\\.", "[\\w-]{16,}\\.[\\w-]{16,}"],
  ["key-", "[\\da-z]{32}(?![\\da-z])"],
  ["SK", "[\\da-f]{32}(?![\\da-f])"],
  // Machines and secrets
  ["tskey-", "[a-z]+-[\\w-]{16,}"],
  ["glsa_", "\\w{30,}"],
  ["hv[sbr]\\.", "[\\w-]{20,}"],
  ["dp\\.", "(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{30,}"],
  ["dt0\\w\\d\\d\\.", "[A-Z0-9]{24}\\.[A-Z0-9]{30,}"],
  ["ops_ey", "[\\w+/=-]{20,}"],
  ["A3-", "[A-Z0-9]{6}-[A-Z0-9]{5,}(?:-[A-Z0-9]{5,6}){3,}"],
  ["AGE-SECRET-KEY-1", "[A-Z0-9]{30,}"],
  ["sha256~", "[\\w-]{40,}"],
  ["NR(?:AK|JS|II|RA)-", "[\\w-]{16,}"],
  ["pat\\.", "[\\w-]{20,100}\\.[\\da-f]{24}\\.\\w{16,}"],
  ["amzn\\.mws\\.", "[\\da-f-]{36}"],
  ["A{20,}", "[A-Za-z0-9%]{30,}"],
  ["re_", "[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"],
  // Tools
  ["lin_(?:api|oauth)_", "[A-Za-z0-9]{16,}"],
  ["fig[dourh]_", "[\\w-]{20,}"],
  ["(?:secret|ntn)_", "[A-Za-z0-9]{40,}"],
  ["sntry[su]_", "[\\w+/=-]{20,}"],
  ["PMA[KT]-", "[\\da-f]{24}-[\\da-f]{20,}"],
  ["sl\\.", "[\\w-]{60,}"],
  ["sk\\.eyJ", "[\\w-]{30,}"],
  ["pul-", "[\\da-f]{40}"],
  ["dG9rOj", "[\\w+/=-]{40,}"],
  ["eyJrIjoi", "[\\w+/=-]{40,}"],
  // A JSON Web Token, and private keys by how their first bytes look in base64: RSA, PKCS 8, elliptic curves, OpenSSH
  ["eyJ", "[\\w-]{10,300}\\.(?:eyJ[\\w-]{8,}|[\\w-]{16,600}\\.[\\w-]{16,600}\\.)[\\w.-]*"],
  ["MI", "I[\\w+/]{3}IBA(?:AK[BC][\\w+/]|DANBgkqhkiG9w0BAQEFAAS)[\\w+/]{8,}"],
  ["MI", "(?:GH|G2)AgEAM[\\w+/]{20,}|GkAgEBBD[\\w+/]{20,}"],
  ["M[HC]", "(?:[cQ]CAQEEI|4CAQAwBQYDK2V)[\\w+/]{20,}"],
  ["b3BlbnNzaC1rZXktdjE", "[\\w+/]{8,}"]
]

/** Forms without a head of their own: the middle or the end of a word says what it is. */
const headless: ReadonlyArray<string> = [
  "[?&;]sig=[\\w%+/]{20,}",
  "[\\w~.-]{3}\\dQ~[\\w~.-]{31}",
  "(?<![\\w-])[MNO][\\w-]{23,27}\\.[\\w-]{6,7}\\.[\\w-]{27,}",
  "(?<!\\d)\\d{8,10}:AA[\\w-]{30,}",
  "webhook\\.office\\.com/webhookb2/[\\w/-]{36,}",
  "pat[A-Za-z0-9]{14}\\.[\\da-f]{32,}",
  "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{30,}",
  "(?<![\\da-z])[\\da-f]{32}-(?:[\\da-f]{8}-[\\da-f]{8}(?![\\da-f-])|us\\d{1,2}(?!\\d))",
  "[\\da-f]{36}NRAL"
]

/** Matches where a word begins as a token does; cheap, for it is asked of every long word. */
export const tokenHead = new RegExp(`[-+./]*(?:${forms.map(([head]) => head).join("|")})`, "y")

/** Finds the tokens of a text. Heads that say little stand at the start of a word only. */
export const tokens = new RegExp(
  [
    ...forms.map(([head, rest]) =>
      `${/[-_.]$/.test(head) && head.length > 4 ? "" : "(?<![A-Za-z0-9])"}${head}(?:${rest})`
    ),
    ...headless
  ].join("|"),
  "g"
)
