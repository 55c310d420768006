import { eventBatches } from "../data/events.mjs"

let events = 0
for (const batch of eventBatches(Number(process.argv[2]))) events += batch.length
if (events !== Number(process.argv[2])) process.exitCode = 1
