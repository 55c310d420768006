import { readFileSync } from "node:fs"

/** One fenced code block of a document. */
export interface Block {
  readonly document: string
  /** Line of the opening fence, 1-based. */
  readonly line: number
  readonly language: string
  /** What stands behind the language: `file=name` writes the block to that file before later blocks of the document run. */
  readonly info: string
  readonly code: string
}

/** All fenced code blocks of a Markdown document, in order. */
export function readBlocks(path: string, document: string): Block[] {
  const lines = readFileSync(path, "utf8").split("\n")
  const blocks: Block[] = []
  for (let i = 0; i < lines.length; i++) {
    const fence = /^\s*```(?<language>\w*)\s*(?<info>.*)$/.exec(lines[i] ?? "")?.groups
    if (fence === undefined) continue
    const start = i + 1
    let end = start
    while (end < lines.length && !/^\s*```\s*$/.test(lines[end] ?? "")) end++
    blocks.push({
      document,
      line: i + 1,
      language: fence["language"] ?? "",
      info: fence["info"] ?? "",
      code: `${lines.slice(start, end).join("\n")}\n`,
    })
    i = end
  }
  return blocks
}
