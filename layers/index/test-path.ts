/** Which files hold tests: they show how code is called, and say little about how it is made. */

import type { IndexedFile } from "./indexed-file.ts"

/**
 * Returns whether a path is that of a test, of what tests share, or of what they read.
 *
 * @example
 * isTestPath("src/util_test.go") // true
 */
export const isTestPath = (path: string): boolean =>
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|testdata|test[_-]\w+|fixtures?|benches|benchmarks?)\//i.test(path) ||
  /(?:^|\/)(?:test_[^/]*|conftest|[^/]*[._-](?:test|tests|spec|specs|bench|fixture)s?)\.\w+$/i.test(path) ||
  /(?:^|\/)[^/]*(?:Test|Tests|TestCase|Spec|IT)\.(?:php|java|kt|scala|cs|groovy|swift)$/.test(path)

/** Whether a place of a file, or the whole file, belongs to tests: Rust keeps some in modules of their own. */
export const isTestPlace = (file: IndexedFile, place = -1): boolean => {
  if (file.isTest) return true
  for (let at = place; at >= 0; at = file.symbols[at]?.container ?? -1) {
    const symbol = file.symbols[at]
    if (symbol?.kind === "module" && /^tests?$/.test(symbol.name)) return true
  }
  return false
}
