import assert from "node:assert/strict"

const timestampForm = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?$/

/** Microseconds since 1970 of an ISO timestamp; one without zone is taken as UTC. Throws an AssertionError for any other text. */
export function microsOfTimestamp(text: string): bigint {
  const [, date, time, zone = "Z"] = timestampForm.exec(text) ?? assert.fail(`${JSON.stringify(text)} is not an ISO timestamp`)
  return BigInt(Date.parse(`${date}T00:00:00Z`)) * 1000n + microsOfTime(time ?? "") - microsOfZone(zone)
}

/** Microseconds since midnight of a time of day with up to six fraction digits. Throws an AssertionError for any other text. */
export function microsOfTime(text: string): bigint {
  const [, hour, minute, second = "0", fraction = ""] =
    /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})0*)?)?$/.exec(text) ?? assert.fail(`${JSON.stringify(text)} is not a time of day`)
  return BigInt((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000_000n + BigInt(fraction.padEnd(6, "0"))
}

function microsOfZone(zone: string): bigint {
  if (zone === "Z") return 0n
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || "0")
  return BigInt(zone.startsWith("-") ? -minutes : minutes) * 60_000_000n
}
