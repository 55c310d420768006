import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const requirementsPath = fileURLToPath(new URL("requirements.txt", import.meta.url))

/**
 * The Python interpreter of a virtual environment that holds dlt as `requirements.txt` pins it; made on first use and again when the pins change.
 * `LADING_BENCH_PYTHON` names an interpreter to use instead.
 * @param {string} cacheFolder the environment goes to `python-bench` in it
 * @returns {string} path of the interpreter
 * @throws {Error} when python3 or one of the packages cannot be had
 */
export function ensurePython(cacheFolder) {
  if (process.env.LADING_BENCH_PYTHON) return process.env.LADING_BENCH_PYTHON
  const folder = join(cacheFolder, "python-bench")
  const interpreter = join(folder, "bin", "python")
  const stampPath = join(folder, "requirements.txt")
  const requirements = readFileSync(requirementsPath, "utf8")
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === requirements) return interpreter
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  const stdio = ["ignore", 2, 2]
  execFileSync("python3", ["-m", "venv", folder], { stdio })
  execFileSync(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirementsPath], { stdio })
  writeFileSync(stampPath, requirements)
  return interpreter
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(ensurePython(fileURLToPath(new URL("../.cache", import.meta.url))))
}
