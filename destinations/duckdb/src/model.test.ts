import { checkMerges, checkScd2 } from "@lading/testkit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createModelEngine } from "../test/model-engine.ts"

// LADING_MODEL_RUNS=5000 runs as many random sequences of each kind, LADING_MODEL_SEED repeats those of a seed.
const runs = Number(process.env.LADING_MODEL_RUNS ?? 60)
const seed = process.env.LADING_MODEL_SEED === undefined ? {} : { seed: Number(process.env.LADING_MODEL_SEED) }
const timeoutMs = 60_000 + runs * 1_000

let engine: Awaited<ReturnType<typeof createModelEngine>>
beforeAll(async () => {
  engine = await createModelEngine()
})
afterAll(() => engine.close())

test(
  "random sequences of loads merged by key leave what the model says",
  () => expect(checkMerges(engine, { runs, ...seed })).resolves.toBeUndefined(),
  timeoutMs,
)

test(
  "random sequences of loads into versions leave what the model says",
  () => expect(checkScd2(engine, { runs, ...seed })).resolves.toBeUndefined(),
  timeoutMs,
)
