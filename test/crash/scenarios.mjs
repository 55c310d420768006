// The small crash matrix as a list: where the second load is killed, with which disposition, what is left of the disk, and where it loads to.
import { faultPoints } from "@lading/engine"
import { dispositions } from "./source.mjs"

/** Which times of a point are worth a kill, where that is not only the first: both the engine and the destination pass the points around the commit. */
const times = { "package.after-part": [1, 4], "publish.before-commit": [1, 2], "publish.after-commit": [1, 2] }
/** How often a package passes a point, so that a kill can be moved into the second package. */
const perPackage = { "package.after-part": 3, "publish.before-commit": 2, "publish.after-commit": 2 }

const moments = faultPoints.flatMap((point) => (times[point] ?? [1]).map((time) => `${point}:${time}`))
/** Points that a run which finds a sealed package passes before it publishes that package, or right after. */
const whileHealing = moments.filter((moment) => !moment.startsWith("package."))

const inSecondPackage = (moment) => {
  const [point, time] = moment.split(":")
  return `${point}:${Number(time) + (perPackage[point] ?? 1)}`
}

/** Kills after which the package on the disk that returns is sealed: not committed, and committed. */
const whenSealed = ["package.after-manifest:1", "publish.after-commit:2"]

/**
 * All scenarios: `{ name, destination, disposition, disk, kills, commitEvery? }`. `kills` are the values of LADING_FAULT of the runs that are
 * killed one after another; the run after them must heal everything. `disk` is `same`, `fresh`, or `returning`: a fresh one heals, then the old one is back.
 */
export function allScenarios() {
  return ["duckdb", "postgres"].flatMap((destination) => {
    const make = (disposition, disk, kills, rest = {}) => ({
      name: [destination, disposition, ...(rest.commitEvery === undefined ? [] : ["split"]), `${disk} disk`, ...kills].join(" · "),
      destination,
      disposition,
      disk,
      kills,
      ...rest,
    })
    const disks = ["same", "fresh"]
    return [
      ...dispositions.flatMap((disposition) =>
        (disposition === "upsert" ? ["same"] : disks).flatMap((disk) => moments.map((moment) => make(disposition, disk, [moment]))),
      ),
      ...["append", "merge"].flatMap((disposition) =>
        whileHealing.map((moment) => make(disposition, "same", ["package.after-manifest:1", moment])),
      ),
      ...["append", "replace", "merge", "scd2"].flatMap((disposition) =>
        whenSealed.map((moment) => make(disposition, "returning", [moment])),
      ),
      ...["append", "merge"].flatMap((disposition) =>
        (disposition === "append" ? disks : ["same"]).flatMap((disk) =>
          moments
            .filter((moment) => !moment.startsWith("recover."))
            .map((moment) => make(disposition, disk, [inSecondPackage(moment)], { commitEvery: { rows: 16 } })),
        ),
      ),
    ]
  })
}
