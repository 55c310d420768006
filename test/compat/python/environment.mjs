import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..", "..", "..")

/** The pinned requirements of the Python side; part of the key of every cached outcome. */
export const requirementsFile = join(here, "requirements.txt")

/**
 * Path of a Python interpreter that has the pinned dlt. Makes a virtual environment under `.cache/python-compat` on the
 * first call; later calls find its stamp (hash of the requirements) and return at once. `LADING_COMPAT_PYTHON` names an
 * existing interpreter instead. Throws an Error with the remedy when there is no python3, or when installing fails.
 */
export async function pythonWithDlt() {
  const given = process.env.LADING_COMPAT_PYTHON
  if (given) return given
  const requirements = await readFile(requirementsFile)
  const wanted = createHash("sha256").update(requirements).digest("hex")
  const folder = join(root, ".cache", "python-compat")
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python")
  const stamp = join(folder, "requirements.sha256")
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return python
  await rm(folder, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true })
  await install(folder, python)
  await writeFile(stamp, wanted)
  return python
}

async function install(folder, python) {
  if (await works("uv", ["--version"])) {
    await step("uv", ["venv", "--quiet", folder])
    await step("uv", ["pip", "install", "--quiet", "--python", python, "-r", requirementsFile])
    return
  }
  if (!(await works("python3", ["--version"]))) {
    throw new Error(
      "the comparison with dlt needs python3 (3.10 or newer); install it, or name an interpreter that has dlt in LADING_COMPAT_PYTHON",
    )
  }
  await step("python3", ["-m", "venv", folder])
  await step(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirementsFile])
}

async function works(command, args) {
  return run(command, args).then(
    () => true,
    () => false,
  )
}

async function step(command, args) {
  try {
    await run(command, args, { maxBuffer: 64 * 1024 * 1024 })
  } catch (cause) {
    throw new Error(`"${[command, ...args].join(" ")}" failed: ${String(cause.stderr ?? cause.message).trim()}`, { cause })
  }
}
