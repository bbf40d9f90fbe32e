/** Lines that every file of a kind begins or ends with: a model knows them, and would learn to write little else. */
import { endOfLine, type Span, startOfLine } from "../../services/text/span.ts"
import { isCommentOnly } from "./comments.ts"

const javascript = [
  /^(["'])use (?:strict|client|server|asm)\1;?$/,
  /^(?:module\.)?exports\s*=\s*(?:module\.exports\s*=\s*)?\{\s*\};?$/,
  /^export\s*(?:default\s*)?\{\s*\};?$/,
  /^Object\.defineProperty\(exports, *(["'])__esModule\1/
]
const c = [
  /^#\s*pragma\s+(?:once|warning|GCC|clang|pack|region|endregion|mark)\b/,
  /^#\s*(?:ifndef|define)\s+\w*_H(?:H|PP|XX)?_*$/,
  /^#\s*endif\b/,
  /^#\s*ifdef\s+__cplusplus$/,
  /^extern "C" \{$/,
  /^using namespace std;$/
]
const markup = [/^<!doctype\b.*>$/i, /^<\?xml\b.*\?>$/i, /^<\/?(?:html|head|body)\b[^>]*>$/i]
const packageLine = [/^package [\w.]+;?$/]

const byLanguage: Readonly<Record<string, ReadonlyArray<RegExp>>> = {
  python: [
    /^from __future__ import\b/,
    /^__(?:author|copyright|credits|date|docformat|email|licen[sc]e|maintainer|status|version)__\s*=/
  ],
  javascript,
  typescript: javascript,
  tsx: javascript,
  vue: javascript,
  svelte: javascript,
  java: packageLine,
  kotlin: packageLine,
  scala: packageLine,
  groovy: packageLine,
  go: packageLine,
  c,
  cpp: c,
  rust: [/^#!\[.*\]$/, /^extern crate \w+;$/, /^use super::\*;$/],
  php: [
    /^<\?php(?:\s+declare\s*\(\s*strict_types\s*=\s*[01]\s*\)\s*;)?$/,
    /^\?>$/,
    /^declare\s*\(\s*strict_types\s*=\s*[01]\s*\)\s*;$/,
    /^namespace [\w\\]+\s*[;{]$/,
    /^(?:if\s*\(\s*!\s*)?defined\s*\(.*\b(?:exit|die)\b/
  ],
  ruby: [/^require(?:_relative)?[ (]+(["'])[^"']*(?:spec|test|rails|test_case)_helper\1\)?$/],
  "c-sharp": [/^namespace [\w.]+\s*[;{]?$/, /^#\s*(?:nullable|region|endregion|pragma)\b/, /^\[assembly:.*\]$/],
  bash: [/^set [-+][A-Za-z]+(?: pipefail)?$/, /^set -o \w+$/],
  perl: [/^use (?:strict|warnings|utf8)\b.*;$/, /^package [\w:]+;$/, /^1;$/],
  dart: [/^(?:library|part of)\b.*;$/],
  html: markup,
  xml: markup,
  css: [/^@charset\b/]
}

/** The first line of a script, in any language. */
const shebang = /^#!\s*\//

/** Whether at least half of the lines of code that a span touches are such lines. */
export const isBoilerplate = (text: string, span: Span, language: string): boolean => {
  const known = byLanguage[language] ?? []
  let lines = 0
  let hits = 0
  for (let start = startOfLine(text, span.start); start < span.end;) {
    const end = endOfLine(text, start)
    const line = text.slice(start, end).trim()
    start = end + 1
    const isKnown = shebang.test(line) || known.some((pattern) => pattern.test(line))
    if (!isKnown && (line === "" || isCommentOnly(line, language))) continue
    lines++
    if (isKnown) hits++
  }
  return hits > 0 && hits * 2 >= lines
}
