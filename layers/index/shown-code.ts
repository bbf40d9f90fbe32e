/** What of a chunk is shown: its code, without what explains it at length and without the head of its file. */
import { withoutComments } from "./lexis.ts"
import { proseBlocksOf } from "./prose-blocks.ts"

/**
 * Returns the code of a chunk that starts outside comments and strings: without comments and documentation of more than
 * three lines, licences, imports at its head and what is said above them, directives such as "use strict", comments on
 * what comes behind it, blank lines at its ends, and the white space that all its lines start with. It ends with a line
 * end, and is "" when nothing is left.
 */
export const shownCode = (chunk: string, language: string): string => {
  const raw = chunk.replace(/\r\n?/g, "\n")
  const told = withoutTold(raw, language).split("\n").filter((line) => !directive.test(line))
  const lines = withoutHead(told, language)
  const end = endOfCode(lines, language)
  while (lines.length > end) lines.pop()
  if (lines.length === 0) return ""
  let indent = Number.POSITIVE_INFINITY
  for (const line of lines) if (line.trim() !== "") indent = Math.min(indent, line.search(/\S/))
  return `${lines.map((line) => line.slice(Math.min(indent, line.length)).trimEnd()).join("\n")}\n`
}

/** Cuts whole lines, from that of the first unit of a block to that of its last. */
const withoutTold = (text: string, language: string): string => {
  let out = ""
  let from = 0
  for (const { end, isTold, start } of proseBlocksOf(text, language)) {
    if (!isTold) continue
    const first = text.lastIndexOf("\n", start) + 1
    const newline = text.indexOf("\n", end)
    out += text.slice(from, Math.max(from, first))
    from = newline === -1 ? text.length : newline + 1
  }
  return out + text.slice(from)
}

/** Lines that speak to a compiler or a tool, and say nothing about the code at a cursor. */
const directive = new RegExp(
  [
    "^\\s*([\"'])use (?:strict|client|server|asm)\\1;?\\s*$",
    "^#!",
    "^\\s*<\\?php\\b[^\\w]*$",
    "^\\s*\\?>\\s*$",
    "^\\s*declare\\s*\\(\\s*(?:strict_types|ticks|encoding)\\b.*\\)\\s*;\\s*$",
    "^\\s*from __future__ import\\b",
    "^\\s*# -\\*-.*-\\*-\\s*$",
    "^\\s*#\\s*(?:frozen_string_literal|encoding|coding|rubocop|pylint|mypy|ruff|flake8|noqa|type:\\s*ignore|fmt):?\\b.*$",
    "^\\s*#pragma\\b",
    "^\\s*(?://|/\\*)\\s*(?:eslint|jshint|jscs|prettier|istanbul|tslint|biome|global|globals)\\b.*$",
    "^\\s*//\\s*@ts-\\w+.*$",
    "^//(?:go:\\w+| \\+build)\\b.*$",
    "^\\s*//\\s*(?:NOLINT|SPDX|Copyright)\\b.*$",
    "^\\s*(?:#|//|/?\\*)\\s*(?:SPDX-License-Identifier|Copyright\\b|\\(c\\) \\d{4}).*$"
  ].join("|"),
  "i"
)

const headLine =
  /^\s*(?:$|use\s+(?:function\s+|const\s+)?[\w\\:{]|using\s|import\b|from\s.+\simport\b|export\s.*\sfrom\b|(?:const|var|let)\s.*=\s*require\(|namespace\s+[\w\\.]+\s*;|package\s|#\s*include\b|require(?:_relative)?\b|mod\s+\w+;|if\s+(?:\w+\.)?TYPE_CHECKING\s*:)/

const opener = /[({]\s*$/

/** Returns for each line whether it is blank or part of comments alone. */
const isSilent = (lines: ReadonlyArray<string>, language: string): ReadonlyArray<boolean> =>
  withoutComments(lines.join("\n"), language).split("\n").map((line) => line.trim() === "")

/** Returns how many lines come before comments that explain what is not there any more. */
const endOfCode = (lines: ReadonlyArray<string>, language: string): number => {
  const silent = isSilent(lines, language)
  let end = lines.length
  while (end > 0 && silent[end - 1] === true) end--
  return end
}

/** Leaves out the imports that lines begin with, with comments above them; a list in brackets goes with its statement. */
const withoutHead = (all: ReadonlyArray<string>, language: string): Array<string> => {
  const silent = isSilent(all, language)
  let lines = all
  for (;;) {
    const offset = all.length - lines.length
    const first = lines.findIndex((_, index) => silent[offset + index] !== true)
    // A comment stays where no import stands below it.
    if (first === -1 || !startsWithHead(lines.slice(first))) return [...withoutImports(lines)]
    lines = withoutImports(lines.slice(first))
  }
}

const startsWithHead = (lines: ReadonlyArray<string>): boolean => withoutImports(lines).length < lines.length

const withoutImports = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  let at = 0
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ""
    const isHead = headLine.test(line)
    const isUnpacked = /^\s*(?:const|let|var)\s*\{\s*$/.test(line)
    if (!isHead && !isUnpacked) break
    if (!isUnpacked && !(opener.test(line) && /^\s*(?:import|from|use|export)\b/.test(line))) continue
    const close = lines.findIndex((other, index) => index > at && /^\s*[)}]/.test(other))
    if (close === -1) return isHead ? [] : lines.slice(at)
    if (isUnpacked && !/\b(?:require|import)\(/.test(lines[close] ?? "")) break
    at = close
  }
  return lines.slice(at)
}

/** Whether most lines of a code import or comment, or nothing but brackets is left: it is of no use at a cursor. */
export const isPreamble = (code: string): boolean => {
  let lines = 0
  let heads = 0
  let words = 0
  for (const line of code.split("\n")) {
    if (line.trim() === "") continue
    lines++
    if (preambleLine.test(line)) heads++
    else if (/[\p{L}_]{2}/u.test(line)) words++
  }
  return words === 0 || heads * 3 > lines * 2
}

const preambleLine =
  /^\s*(?:if\s+(?:\w+\.)?TYPE_CHECKING\s*:|<\?php|use\s|using\s|import\b|from\s.+\simport\b|export\s.*\sfrom\b|(?:const|var|let)\s.*=\s*require\(|namespace\s|package\s|#\s*include|#!|require|\/\/|\/?\*|#(?!\[)|--|"[^"]+"$)/
