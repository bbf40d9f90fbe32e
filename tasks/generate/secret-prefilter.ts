/** A cheap look for texts that may hold a secret, so that the full rules read only those. */

/**
 * Starts of the tokens that secretlint's recommended rules know, and the words that stand before credentials.
 * It must match whatever those rules could; it may match more.
 */
const suspicious =
  /AKIA|ASIA|AROA|AIDA|aws_?(?:secret|access|account)|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|glpat-|xox[abeoprs]-|xapp-|hooks\.slack|sk-|sk_live|rk_live|sk-ant|SG\.|npm_|_authToken|shpat_|shpca_|shppa_|shpss_|-----BEGIN|AIza|AccountKey|private_key|:\/\/[^\s/:@"'<>]{1,64}:[^\s/@"'<>]{1,128}@|ops_ey|hf_|figd_|lin_api_|secret_|ntn_|vc[kpairc]_|dckr_|gr_|sntry|dop_v1|hvs\.|eyJ/

export const maySecret = (text: string): boolean => suspicious.test(text)
