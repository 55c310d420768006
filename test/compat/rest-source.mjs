/**
 * Lading's source for a REST configuration in dlt's spelling, `{url}` standing for the address of the server. The credentials of these cases are
 * part of them, so they are values and no file.
 */
export async function restSource(config) {
  const { fromDlt, rest } = await import("@lading/source-rest")
  const own = JSON.parse(JSON.stringify(config).replaceAll("{url}", process.env.LADING_COMPAT_REST))
  const resources = own.resources.map((one) =>
    one.processing_steps ? { ...one, processing_steps: one.processing_steps.map(toStep) } : one,
  )
  const options = fromDlt({ name: "compat", ...own, resources })
  return rest({ ...options, client: { ...options.client, allowPrivateAddresses: true, retry: { maxAttempts: 2, baseDelayMs: 10 } } })
}

/** Processing steps as functions: the same as in python/run_dlt.py. */
function toStep(step) {
  const [[kind, spec]] = Object.entries(step)
  if (kind === "filter") return { filter: (row) => row[spec.field] > spec.above }
  if (kind === "map") return { map: (row) => ({ ...row, ...spec.set }) }
  return { yield_map: (row) => Array.from({ length: spec.copies }, (_, number) => ({ ...row, [spec.number]: number })) }
}
