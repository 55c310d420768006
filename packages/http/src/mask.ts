const mask = "***"

/** Names of query values that are credentials (reference: RESTClient), without their punctuation. */
const credentialNames = new Set([
  ...["apikey", "token", "key", "accesstoken", "refreshtoken", "secret", "password", "pwd", "clientsecret", "signature", "sig", "auth"],
  ...[
    "authorization",
    "code",
    "xapikey",
    "sessionid",
    "session",
    "jwt",
    "xamzsignature",
    "xamzsecuritytoken",
    "subscriptionkey",
    "apitoken",
  ],
])

/** An address fit for messages: user, password and query values that are credentials are masked, the fragment is left out. */
export function maskAddress(address: string | URL, secretNames: ReadonlySet<string> = new Set()): string {
  if (!URL.canParse(String(address)))
    return String(address)
      .replace(/\/\/[^/@]*@/, `//${mask}@`)
      .replace(/[?#].*$/s, "")
  const url = new URL(address)
  if (url.username !== "") url.username = mask
  if (url.password !== "") url.password = mask
  url.hash = ""
  const query = [...url.searchParams].map(([name, value]) => {
    const isSecret = secretNames.has(name) || credentialNames.has(name.toLowerCase().replace(/[^a-z]/g, ""))
    return `${encodeURIComponent(name)}=${isSecret ? mask : encodeURIComponent(value.length > 80 ? `${value.slice(0, 80)}…` : value)}`
  })
  url.search = ""
  return query.length === 0 ? url.href : `${url.href}?${query.join("&")}`
}
