// The process that runs the pipeline. `node job.mjs '<spec as JSON>'` runs the steps of one spec, and is there to be killed; forked without a
// spec it runs those that it is sent, one after another.
import { runStep } from "./subject.mjs"

/** Runs the steps of a spec; what became of each, up to the first that fails: `{ step, status, recovered }` or `{ step, code, retryable, message }`. */
async function runSteps(spec) {
  const results = []
  for (const step of spec.steps) {
    try {
      const { status, recovered } = await runStep(spec, step)
      results.push({ step, status, recovered })
    } catch (error) {
      return [...results, { step, code: error.code ?? error.name, retryable: error.retryable === true, message: error.message }]
    }
  }
  return results
}

if (process.argv[2] === undefined) process.on("message", async (spec) => process.send(await runSteps(spec)))
else console.log(JSON.stringify(await runSteps(JSON.parse(process.argv[2]))))
