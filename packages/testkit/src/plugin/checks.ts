import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import type { Plugin, PluginKind, StandardResult } from "@lading/core"

/** What every plugin of any kind can be asked. */
export interface PluginFacts {
  readonly plugin: Plugin<PluginKind, unknown, unknown>
  readonly options: unknown
  readonly settings: { readonly packageJson?: URL; readonly invalidOptions?: readonly unknown[] }
}

/** Asserts that an object is a plugin of this kind. */
export function assertShape({ plugin }: PluginFacts, kind: PluginKind): void {
  assert.equal(plugin.kind, kind, "kind")
  assert.equal(plugin.specVersion, 1, "specVersion")
  assert.match(plugin.name, /^[a-z0-9]+(-[a-z0-9]+)*$/, "name must be kebab-case")
  assert.equal(typeof plugin.create, "function", "create")
  assert.equal(plugin.options["~standard"].version, 1, "options must be a Standard Schema, version 1")
  assert.equal(typeof plugin.options["~standard"].validate, "function", "options must have validate")
}

/** Asserts that `package.json` tells the same as the plugin object, so that a registry need not run the plugin to know it. */
export async function assertManifest({ plugin, settings }: PluginFacts): Promise<void> {
  if (settings.packageJson === undefined) return
  const manifest: Readonly<Record<string, unknown>> = JSON.parse(await readFile(settings.packageJson, "utf8"))
  assert.deepEqual(manifest.lading, { kind: plugin.kind, name: plugin.name, spec: plugin.specVersion }, 'field "lading" of package.json')
  assert.match(String(manifest.name), new RegExp(`(^|[/-])${plugin.kind}-${plugin.name}$|^@`), "package name")
  const keywords: readonly unknown[] = Array.isArray(manifest.keywords) ? manifest.keywords : []
  for (const keyword of ["lading-plugin", `lading-${plugin.kind}`]) assert.ok(keywords.includes(keyword), `keyword ${keyword} is missing`)
}

/** Asserts that the options of the fixture are accepted, and give the same when validated again. */
export async function assertOptionsAccepted({ plugin, options }: PluginFacts): Promise<void> {
  const first = await validate(plugin, options)
  assert.equal(first.issues, undefined, `options were refused: ${first.issues?.[0]?.message}`)
  const second = await validate(plugin, first.issues === undefined ? first.value : undefined)
  assert.equal(second.issues, undefined, "validated options were refused when validated again")
}

/** Asserts that options of a wrong kind are refused, each with a message, and that a misspelt option is named. */
export async function assertOptionsRefused({ plugin, options, settings }: PluginFacts): Promise<void> {
  for (const wrong of [undefined, null, 42, true, ...(settings.invalidOptions ?? [])]) {
    const { issues } = await validate(plugin, wrong)
    assert.ok(issues !== undefined && issues.length > 0, `options ${JSON.stringify(wrong)} must be refused`)
    for (const { message } of issues) assert.ok(message.trim() !== "", `options ${JSON.stringify(wrong)} are refused without a message`)
  }
  if (typeof options !== "object" || options === null) return
  const { issues } = await validate(plugin, { ...options, misspeltOption: 1 })
  const text = issues?.map(({ message, path }) => `${(path ?? []).join(".")} ${message}`).join("; ")
  assert.ok(text !== undefined, "an option that does not exist must be refused: it is a misspelt one")
  assert.match(text, /misspeltOption/, "the refusal of an unknown option must name it")
}

async function validate(plugin: PluginFacts["plugin"], value: unknown): Promise<StandardResult<unknown>> {
  return plugin.options["~standard"].validate(value)
}
