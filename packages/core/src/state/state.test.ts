import { readFileSync } from "node:fs"
import { deflateSync, inflateSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import type { TypedValue } from "../types/infer.ts"
import { incrementalState, resourceState, withIncrementalState, withResourceState } from "./slots.ts"
import { bumpState, createState, decodeState, encodeState, stateHash } from "./state.ts"
import { fromStateValue, toStateValue } from "./state-value.ts"

/** The state that dlt 1.31 wrote after a run with two incremental resources, as it stands in `_dlt_pipeline_state` and decompressed. */
const compressed = readFileSync(new URL("./fixtures/dlt-1.31.state.b64", import.meta.url), "utf8")
const plain = readFileSync(new URL("./fixtures/dlt-1.31.state.json", import.meta.url), "utf8")

const deflate = (bytes: Uint8Array) => deflateSync(bytes, { level: 9 })
const inflate = (bytes: Uint8Array) => inflateSync(bytes)
const micros = (text: string) => BigInt(Date.parse(text)) * 1000n

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return isLadingError(error) ? error.code : "another error"
  }
  return "none"
}

describe("state document", () => {
  test("dlt's state is read, has the hash that dlt gave it, and is written back byte for byte", () => {
    const state = decodeState(compressed, inflate)
    expect(stateHash(state)).toBe(state._version_hash)
    expect(bumpState(state)).toBe(state)
    expect(decodeState(plain, inflate)).toEqual(state)
    expect(inflateSync(Buffer.from(encodeState(state, deflate), "base64")).toString()).toBe(plain)
  })

  test("what dlt keeps on the machine is neither read, hashed nor written", () => {
    const state = decodeState(plain, inflate)
    const withLocal = { ...state, _local: { first_run: true } }
    expect(stateHash(withLocal)).toBe(state._version_hash)
    expect(decodeState(encodeState(withLocal, deflate), inflate)).toEqual(state)
    expect(decodeState(JSON.stringify(withLocal), inflate)).toEqual(state)
  })

  test("only a change of content raises the version", () => {
    const first = createState({ pipeline: "chess", dataset: "d", schema: "chess", destinationType: "dlt.destinations.duckdb" })
    expect(first).toMatchObject({ _state_version: 1, _state_engine_version: 4, schema_names: ["chess"] })
    const second = bumpState(withResourceState(first, "chess", "players", { page: 2 }))
    expect(second._state_version).toBe(2)
    expect(second._version_hash).not.toBe(first._version_hash)
    expect(bumpState({ ...second, _state_version: 9 })._state_version).toBe(9)
  })

  test("numbers survive as they are written", () => {
    const text = plain.replace('"k":1', '"k":[1.0,9007199254740993,1.5]')
    const state = decodeState(text, inflate)
    expect(inflateSync(Buffer.from(encodeState(state, deflate), "base64")).toString()).toBe(text)
  })

  test("destinations of older states are renamed", () => {
    const { destination_type: _, destination_name: _name, ...rest } = JSON.parse(plain)
    const state = decodeState(JSON.stringify({ ...rest, _state_engine_version: 3, destination: "dlt.destinations.duckdb" }), inflate)
    expect(state).toMatchObject({ _state_engine_version: 4, destination_type: "dlt.destinations.duckdb", destination_name: null })
    expect(state).not.toHaveProperty("destination")
  })

  test.each([
    ["state-unreadable", "not base64!"],
    ["state-unreadable", "YWJj"],
    ["state-unreadable", "{"],
    ["state-unreadable", "{}"],
    ["state-engine-unsupported", plain.replace('"_state_engine_version":4', '"_state_engine_version":5')],
    ["state-engine-unsupported", plain.replace('"_state_engine_version":4', '"_state_engine_version":1')],
  ])("%s", (code, text) => {
    expect(codeOf(() => decodeState(text, inflate))).toBe(code)
  })
})

describe("slots of the state", () => {
  const state = decodeState(plain, inflate)

  test("dlt's cursors are understood, texts as texts and typed values by their type", () => {
    expect(incrementalState(state, "mysrc", "inc2", "at")).toMatchObject({
      initial: { type: "timestamp", value: micros("2024-01-01T00:00:00Z") },
      last: { type: "timestamp", value: micros("2024-02-01T00:00:00Z") },
      uniqueHashes: [expect.stringMatching(/^.{12,14}$/)],
    })
    expect(incrementalState(state, "mysrc", "inc", "at")?.last).toEqual({ type: "text", value: "2024-02-01T00:00:00Z" })
    expect(incrementalState(state, "mysrc", "inc", "other")).toBeUndefined()
    expect(incrementalState(state, "other", "inc", "at")).toBeUndefined()
    expect(resourceState(state, "mysrc", "Things")).toEqual({ k: 1 })
  })

  test("writing back what was read changes nothing", () => {
    const slot = incrementalState(state, "mysrc", "inc2", "at")
    const written = slot === undefined ? state : withIncrementalState(state, "mysrc", "inc2", "at", slot)
    expect(written).not.toBe(state)
    expect(stateHash(written)).toBe(state._version_hash)
  })

  test("a new slot keeps its neighbours and leaves the old document alone", () => {
    const slot = { initial: undefined, last: { type: "bigint", value: 7 } as const, uniqueHashes: ["a"], start: undefined }
    const written = withIncrementalState(state, "mysrc", "Things", "id", slot)
    expect(resourceState(written, "mysrc", "Things")).toEqual({
      k: 1,
      incremental: { id: { initial_value: null, last_value: 7, unique_hashes: ["a"], start_value: null } },
    })
    expect(incrementalState(written, "mysrc", "Things", "id")).toEqual(slot)
    expect(incrementalState(written, "mysrc", "inc", "at")).toBeDefined()
    expect(resourceState(state, "mysrc", "Things")).toEqual({ k: 1 })
  })

  test.each<[TypedValue, unknown]>([
    [{ type: "text", value: "a" }, "a"],
    [{ type: "bigint", value: 5 }, 5],
    [{ type: "bool", value: true }, true],
    [{ type: "double", value: 1.5 }, 1.5],
    [{ type: "timestamp", value: 1n }, "\uf0271970-01-01T00:00:00.000001+00:00"],
    [{ type: "date", value: 0 }, "\uf0281970-01-01"],
    [{ type: "time", value: 1_000_000 }, "\uf02d00:00:01"],
    [{ type: "decimal", value: "1.10" }, "\uf0261.10"],
    [{ type: "wei", value: "5" }, "\uf02c5"],
    [{ type: "binary", value: Uint8Array.of(97) }, "\uf02bYQ=="],
  ])("%o is stored as %j and read back", (typed, stored) => {
    expect(toStateValue(typed)).toEqual(stored)
    expect(fromStateValue(stored)).toEqual(typed)
  })

  test("a whole double stays a double, a prefix before something else is text, null is nothing", () => {
    expect(fromStateValue(toStateValue({ type: "double", value: 2 }))).toEqual({ type: "double", value: 2 })
    expect(fromStateValue("\uf027tomorrow")).toEqual({ type: "text", value: "\uf027tomorrow" })
    expect(fromStateValue("\uf0291234")).toEqual({ type: "text", value: "1234" })
    expect(fromStateValue(null)).toBeUndefined()
  })
})
