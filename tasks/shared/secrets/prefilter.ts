/** A cheap look for texts that may hold a secret, so that the full rules read only those. */

/**
 * The fixed starts of the tokens that secretlint's recommended rules know, each with the least that must follow.
 * It must match whatever those rules could; it may match more.
 */
const tokens = new RegExp(
  [
    "(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{12}",
    "gh[pousr]_[A-Za-z0-9]{16}",
    "github_pat_",
    "glpat-",
    "xox[abceoprs]-|xapp-|hooks\\.slack\\.com",
    "\\bsk-[\\w-]{16}",
    "[sr]k_(?:live|test)_",
    "\\bSG\\.[\\w-]{8}",
    "npm_[A-Za-z0-9]{16}|_authToken|_password",
    "shp(?:at|ca|pa|ss)_",
    "-----BEGIN",
    "AIza[\\w-]{16}",
    "AccountKey|private_key",
    "://[^\\s/:@\"'<>]{1,64}:[^\\s/@\"'<>]{1,128}@",
    "ops_ey|\\bey[A-Za-z0-9]{16}",
    "\\bhf_[A-Za-z]{16}",
    "figd_|lin_api_|dckr_|sntry|dop_v1|\\bhvs\\.|\\bgr_[A-Za-z0-9]{16}",
    "\\b(?:secret|ntn|vc[kpairc])_[A-Za-z0-9]{16}"
  ].join("|")
)

/** Names of credentials with a value of their form behind them. */
const assignments =
  /key["']?\s{0,4}(?::|=>|=)\s{0,4}["']?[a-z0-9/+=]{40}|account_?(?:id)?["']?\s{0,4}(?::|=>|=)\s{0,4}["']?\d{4}-?\d{4}/i

export const maySecret = (text: string): boolean => tokens.test(text) || assignments.test(text)
