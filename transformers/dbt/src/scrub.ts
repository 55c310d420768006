const shortest = 4

/** A function that replaces secrets in a text, as they are and as JSON, Python and addresses write them. */
export function createScrub(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(withoutLoneSurrogates(secret)),
      secret.replaceAll("'", "\\'"),
    ])
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((result, form) => result.replaceAll(form, "[secret]"), text)
}

/** An address cannot hold half a surrogate pair. */
function withoutLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd")
}
