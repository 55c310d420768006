/** What a generated YAML file is made of. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue | undefined }

/** Block YAML without a trailing line end; texts are quoted as JSON where plain ones could be read as something else. */
export function toYaml(value: YamlValue, indent = ""): string {
  if (Array.isArray(value)) return value.map((item: YamlValue) => `${indent}- ${inItem(toYaml(item, `${indent}  `), indent)}`).join("\n")
  if (typeof value !== "object") return scalar(value as string | number | boolean)
  return Object.entries(value)
    .flatMap(([key, member]: [string, YamlValue | undefined]) => {
      if (member === undefined || (typeof member === "object" && Object.keys(member).length === 0)) return []
      const isBlock = typeof member === "object"
      return [`${indent}${scalar(key)}:${isBlock ? "\n" : " "}${toYaml(member, `${indent}  `)}`]
    })
    .join("\n")
}

/** The first line of a block stands beside the dash. */
function inItem(block: string, indent: string): string {
  return block.startsWith(`${indent}  `) ? block.slice(indent.length + 2) : block
}

function scalar(value: string | number | boolean): string {
  const isPlain = typeof value !== "string" || (/^[A-Za-z_][A-Za-z0-9_ ./-]*[A-Za-z0-9_]$/.test(value) && !reserved.test(value))
  return isPlain ? String(value) : JSON.stringify(value)
}

/** Words that YAML 1.1 reads as something else than a text. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i
