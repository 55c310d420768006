import { describe, expect, it } from "vitest"
import { displayWidth, pad, printable, printableLines, redact, truncate } from "./text.ts"

describe("text on a terminal", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["né", 2],
    ["ne\u0301", 2],
    ["日本", 4],
    ["a🙂", 3],
    ["…", 1],
  ])("knows that %j takes its columns", (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 4, "abc…"],
    ["日本語", 4, "日…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ])("cuts %j to %i columns", (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected)
    expect(displayWidth(expected)).toBeLessThanOrEqual(width)
  })

  it("fills by columns, not by characters", () => {
    expect(pad("日", 4)).toBe("日  ")
    expect(pad("7", 3, "right")).toBe("  7")
  })

  it("makes control characters visible, so that data cannot drive the terminal", () => {
    expect(printable("a\u001b[2Jb\nc\td\u009b")).toBe("a\\u001b[2Jb\\nc\\td\\u009b")
    expect(printableLines("a\r\nb\u0007")).toBe("a\nb\\u0007")
  })

  it.each([
    ["cannot connect to postgres://loader:hunter2@db.example/x", "cannot connect to postgres://loader:***@db.example/x"],
    ["postgres://loader:p@ss@db.example/x", "postgres://loader:***@db.example/x"],
    ["GET https://example.com/a?api_key=abc123&page=2", "GET https://example.com/a?api_key=***&page=2"],
    ["password=abc host=db", "password=*** host=db"],
    ['{"client_secret":"abc"}', '{"client_secret":"***"}'],
    ["Authorization: Bearer abc.def", "Authorization: Bearer ***"],
    ["secrets are kept elsewhere", "secrets are kept elsewhere"],
    ["https://example.com:8080/a@b", "https://example.com:8080/a@b"],
  ])("hides the secret in %j", (text, expected) => {
    expect(redact(text)).toBe(expected)
  })
})
