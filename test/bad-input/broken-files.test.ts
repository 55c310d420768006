import { gzipSync } from "node:zlib"
import { files } from "@lading/source-files"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted, type Target } from "../cases/support/target.ts"
import { writeInput } from "./support/lanes.ts"

const bytes = (text: string): Buffer => Buffer.from(text)
const bom = "\ufeff"

async function load(target: Target, name: string, content: string | Uint8Array, options: Partial<Parameters<typeof files>[0]> = {}) {
  const receipt = await target.pipeline.run(files({ path: writeInput(name, content), table: "t", ...options }))
  expectAccounted(receipt)
  return receipt
}

describe("a file that stops the run", () => {
  const ndjson = Array.from({ length: 2_000 }, (_, i) => `{"id":${i},"text":"${"x".repeat(i % 50)}"}`).join("\n")
  const zipped = gzipSync(ndjson)
  const list = `[\n${Array.from({ length: 100 }, (_, i) => `{"id":${i}}`).join(",\n")}\n]`
  const damaged = Buffer.from(zipped)
  damaged[Math.floor(zipped.length / 2)] = (damaged[Math.floor(zipped.length / 2)] ?? 0) ^ 0xff

  it.each([
    ["a JSON list cut in the middle", "a.json", bytes(list.slice(0, 600)), "truncated-json", /a\.json line \d+ \(byte 600\)/],
    ["a JSON object cut in the middle", "a.json", bytes('{"a":\n[1,{"b":'), "truncated-json", /a\.json line 2 \(byte 14\)/],
    ["two JSON documents in one file", "a.json", bytes('{"a":1}\n{"a":2}'), "json-trailing-data", /a\.json line 2 \(byte 8\)/],
    ["a JSON file that is not UTF-8", "a.json", Buffer.from('[{"a":"å"}]', "latin1"), "invalid-encoding", /a\.json/],
    ["a JSON file in UTF-16", "a.json", Buffer.from(`${bom}[{"a":1}]`, "utf16le"), "unsupported-encoding", /a\.json.*UTF-16/i],
    ["an NDJSON file in UTF-16", "a.ndjson", Buffer.from(`${bom}{"a":1}`, "utf16le"), "unsupported-encoding", /a\.ndjson.*UTF-16/i],
    ["a CSV file in UTF-16", "a.csv", Buffer.from(`${bom}a,b\n1,2\n`, "utf16le"), "unsupported-encoding", /a\.csv.*UTF-16/i],
    ["a CSV file that is not UTF-8", "a.csv", Buffer.from("a,b\n1,å\n", "latin1"), "invalid-encoding", /a\.csv/],
    ["a CSV file cut inside quotes", "a.csv", bytes('a,b\n1,2\n3,"four'), "csv-unclosed-quote", /a\.csv.*line 3 /],
    ["a gzip file cut in the middle", "a.ndjson.gz", zipped.subarray(0, zipped.length / 2), "truncated-gzip", /a\.ndjson\.gz.*byte \d+/],
    ["a gzip file cut in its trailer", "a.ndjson.gz", zipped.subarray(0, -4), "truncated-gzip", /a\.ndjson\.gz/],
    ["a gzip file of which only the header is left", "a.ndjson.gz", zipped.subarray(0, 10), "truncated-gzip", /a\.ndjson\.gz/],
    ["a gzip file with a bit that changed", "a.ndjson.gz", damaged, "corrupt-gzip", /a\.ndjson\.gz/],
    [
      "a gzipped CSV file cut in the middle",
      "a.csv.gz",
      gzipSync(`a,b\n${"1,2\n".repeat(5_000)}`).subarray(0, 40),
      "truncated-gzip",
      /a\.csv\.gz/,
    ],
    ["a file called .gz that is none", "a.ndjson.gz", bytes('{"a":1}\n'), "corrupt-gzip", /a\.ndjson\.gz/],
    ["a file of which the extension tells nothing", "a.dat", bytes("1"), "unknown-format", /a\.dat/],
  ] as const)("%s: nothing is committed, the error has code and place, and the next run loads", async (_, name, content, code, place) => {
    const target = createTarget(anyRejects)
    const run = load(target, name, content)
    await expect(run).rejects.toMatchObject({ code })
    await expect(run).rejects.toThrow(place)
    await load(target, "good.ndjson", '{"id":1}')
    expect(await target.read("select id from t")).toEqual([{ id: 1 }])
  })
})

describe("a file with broken lines", () => {
  it("that come first loads the good ones", async () => {
    const target = createTarget(anyRejects)
    const lines = ['{"id":1,"v":"\u00e5"}', '{"id":2}', '{"id":3']
    await load(target, "a.ndjson", Buffer.from(lines.join("\n"), "latin1"))
    expect(await target.read("select id from t")).toEqual([{ id: 2 }])
    expect(await target.read("select line, code from _lading_rejects order by line")).toEqual([
      { line: 1, code: "invalid-encoding" },
      { line: 3, code: "invalid-json" },
    ])
  })

  // A reject of the source once took the good row before it back.
  it("loads the good lines of NDJSON and rejects each broken one with its line and byte", async () => {
    const lines = [
      bytes('{"id":1}'),
      bytes('{"id":2'),
      bytes('{"id":3,"v":"å"}'),
      Buffer.from('{"id":4,"v":"å"}', "latin1"),
      bytes("   "),
      bytes('{"id":5}{"id":6}'),
      bytes('{"id":7,}'),
      bytes("{'id':8}"),
      bytes('{"id":NaN}'),
      bytes('{"id":9}\r'),
      Buffer.concat([bytes('{"id":10,"v":"'), Buffer.from([0xed, 0xa0, 0x80]), bytes('"}')]),
      Buffer.concat([bytes('{"id":11,"v":"'), Buffer.from([0xc0, 0x80]), bytes('"}')]),
      bytes('{"id":12,"v":"\u0001"}'),
      bytes('{"id":13'),
    ]
    const target = createTarget(anyRejects)
    const receipt = await load(target, "a.ndjson", Buffer.concat(lines.flatMap((line) => [line, bytes("\n")]).slice(0, -1)))
    expect(await target.read("select id, v from t order by id")).toEqual([
      { id: 1, v: null },
      { id: 3, v: "å" },
      { id: 9, v: null },
    ])
    const rejects = await target.read("select line, code, regexp_extract(message, 'byte \\d+') as place from _lading_rejects order by line")
    expect(rejects).toEqual([
      { line: 2, code: "invalid-json", place: "byte 7" },
      { line: 4, code: "invalid-encoding", place: "" },
      { line: 6, code: "invalid-json", place: "byte 8" },
      { line: 7, code: "invalid-json", place: "byte 8" },
      { line: 8, code: "invalid-json", place: "byte 1" },
      { line: 9, code: "invalid-json", place: "byte 6" },
      { line: 11, code: "invalid-encoding", place: "" },
      { line: 12, code: "invalid-encoding", place: "" },
      { line: 13, code: "invalid-json", place: "byte 14" },
      { line: 14, code: "invalid-json", place: "byte 8" },
    ])
    expect(receipt.tables["t"]).toMatchObject({ extracted: 13, loaded: 3, rejected: 10 })
  })

  it("rejects the same lines with the same codes when a cursor has to look at the rows", async () => {
    const lines = ['{"id":1}', '{"id":2', '{"id":"\u0001"}', '{"id":4}']
    const target = createTarget(anyRejects)
    await load(target, "a.ndjson", lines.join("\n"), { incremental: { cursor: "id" } })
    expect(
      await target.read("select line, code, regexp_extract(message, 'byte \\d+') as place from _lading_rejects order by line"),
    ).toEqual([
      { line: 2, code: "invalid-json", place: "byte 7" },
      { line: 3, code: "invalid-json", place: "byte 7" },
    ])
    expect(await target.read("select id from t order by id")).toEqual([{ id: 1 }, { id: 4 }])
  })

  it("loads the good lines of CSV and rejects each broken one with its line", async () => {
    const target = createTarget(anyRejects)
    const receipt = await load(target, "a.csv", 'id,v\n1,a\n2\n3,b,c\n4,"d"e\n5,f"g\n6,"h\ni"\n7,"j""k"\n8,\n9,""\n')
    expect(await target.read("select id, v from t order by id")).toEqual([
      { id: 1, v: "a" },
      { id: 6, v: "h\ni" },
      { id: 7, v: 'j"k' },
      { id: 8, v: null },
      { id: 9, v: "" },
    ])
    expect(await target.read("select line, code from _lading_rejects order by line")).toEqual([
      { line: 3, code: "csv-ragged" },
      { line: 4, code: "csv-ragged" },
      { line: 5, code: "csv-quote" },
      { line: 6, code: "csv-quote" },
    ])
    expect(receipt.tables["t"]?.extracted).toBe(9)
  })
})

describe("a file that looks odd but is whole", () => {
  it.each([
    ["NDJSON with a byte-order mark", "a.ndjson", `${bom}{"id":1}\n`],
    ["JSON with a byte-order mark", "a.json", `${bom}[{"id":1}]`],
    ["CSV with a byte-order mark", "a.csv", `${bom}id\n1\n`],
    ["NDJSON with CR LF", "a.ndjson", '{"id":1}\r\n\r\n'],
    ["CSV with CR only", "a.csv", "id\r1\r"],
    ["two gzip members in one file", "a.ndjson.gz", Buffer.concat([gzipSync('{"id":'), gzipSync("1}\n")])],
    ["gzip without the extension", "a.ndjson", gzipSync('{"id":1}')],
    ["UTF-16 when told so", "a.csv", Buffer.from(`${bom}id\n1\n`, "utf16le")],
  ])("%s is loaded", async (name, file, content) => {
    const target = createTarget()
    await load(target, file, content, name.startsWith("UTF-16") ? { encoding: "utf-16le" } : {})
    expect(await target.columns("t")).toEqual(["id"])
    expect(await target.read("select id from t")).toEqual([{ id: 1 }])
  })

  it.each([
    ["an empty NDJSON file", "a.ndjson", ""],
    ["an empty JSON file", "a.json", ""],
    ["an empty CSV file", "a.csv", ""],
    ["a CSV file with nothing but its names", "a.csv", "id,v\n"],
    ["an empty gzip file", "a.ndjson.gz", gzipSync("")],
    ["blank lines", "a.ndjson", "\n \n\t\n"],
  ])("%s has no rows", async (_, file, content) => {
    const receipt = await load(createTarget(), file, content)
    expect(receipt.status).toBe("nothing-to-load")
    expect(receipt.tables["t"]?.extracted ?? 0).toBe(0)
  })
})
