import { readdirSync, readFileSync } from "node:fs"

/**
 * Memory that a process and all its descendants hold now, from /proc (Linux only).
 * For a lone process: `residentKb` is VmRSS and `highWaterKb` the kernel's own peak (VmHWM). For a tree: `residentKb` is the sum of the
 * proportional set sizes (Pss), so that pages which forked workers share count once, and `highWaterKb` is 0.
 * @param {number} rootPid
 * @returns {{ processes: number, residentKb: number, highWaterKb: number }}
 */
export function readTreeMemory(rootPid) {
  const pids = treeOf(rootPid)
  if (pids.length > 1) return { processes: pids.length, residentKb: sum(pids.map(proportionalKb)), highWaterKb: 0 }
  const status = readProc(`/proc/${rootPid}/status`)
  return { processes: 1, residentKb: field(status, "VmRSS"), highWaterKb: field(status, "VmHWM") }
}

function treeOf(rootPid) {
  const found = [rootPid]
  const parents = readParents()
  for (const pid of found) found.push(...(parents.get(pid) ?? []))
  return found
}

/** Children by parent. Every process is looked at, as `/proc/<pid>/task/<tid>/children` is not there on every kernel. */
function readParents() {
  const children = new Map()
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    const stat = readProc(`/proc/${name}/stat`)
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ", 1)[0])
    if (!Number.isInteger(parent)) continue
    const siblings = children.get(parent)
    if (siblings) siblings.push(Number(name))
    else children.set(parent, [Number(name)])
  }
  return children
}

function proportionalKb(pid) {
  return field(readProc(`/proc/${pid}/smaps_rollup`), "Pss")
}

function field(text, name) {
  return Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0)
}

/** A process may end between being listed and being read: then there is nothing to count. */
function readProc(path) {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
