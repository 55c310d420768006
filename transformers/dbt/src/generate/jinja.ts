/** A text that stays as it is when dbt renders it. */
export function literal(text: string): string {
  return text.replace(/\{[{%#]/g, (opening) => `{{ '${opening}' }}`)
}

/** A text as a literal inside of a Jinja expression. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`
}

const reservedWords = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate column concurrently " +
    "constraint create cross current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else " +
    "end except exists extract false fetch filter for foreign freeze from full grant group having ilike in initially inner intersect interval " +
    "into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer over " +
    "overlaps partition placing primary qualify range references returning right rows select session_user set similar some symmetric table " +
    "then to trailing true union unique user using values variadic verbose when where window with"
  ).split(" "),
)

/** True for a name that every SQL database takes without quotes, and gives back as it is. */
export function isPlainName(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name)
}

/** A column name in the SQL of a model, quoted as the adapter quotes where it has to be. */
export function columnName(name: string): string {
  return isPlainName(name) ? name : `{{ adapter.quote(${quoted(name)}) }}`
}
