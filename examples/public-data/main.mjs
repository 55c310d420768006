// The main job: loads the public data, then shows what is there and asks it three questions, all with the `lading` command.
import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const cli = join(dirname(createRequire(import.meta.url).resolve("lading/package.json")), "bin", "lading.js")
const pipeline = "examples/public-data/pipeline.mjs"

const questions = [
  `select properties__place as place, properties__mag as magnitude, properties__time as at
   from earthquakes order by properties__mag desc nulls last limit 5`,
  `select home_team, count(*) as games, round(avg(home_score + away_score), 2) as goals_a_game
   from football group by all having count(*) > 50 order by goals_a_game desc limit 5`,
  `select distance // 500 * 500 as miles_from, count(*) as flights, round(avg(delay), 1) as minutes_late
   from flights group by all order by miles_from limit 5`,
]

lading("run", pipeline)
lading("inspect", pipeline)
for (const question of questions) lading("query", question, "--file", pipeline)

function lading(...args) {
  console.log(`\n$ lading ${args[0]} ${JSON.stringify(args[1]).replaceAll("\\n", " ").replaceAll(/ +/g, " ")}`)
  const { status, signal } = spawnSync(process.execPath, [cli, ...args], { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1))
}
