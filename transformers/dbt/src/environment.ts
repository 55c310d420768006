import { env } from "node:process"
import { reveal, type Secret } from "@lading/core"

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a program needs to find itself at home; nothing in it is a secret. */
const harmless = new Set([
  ..."PATH HOME USER LOGNAME SHELL TERM LANG LANGUAGE TZ TMPDIR TEMP TMP NO_COLOR".split(" "),
  ..."SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NO_PROXY no_proxy XDG_CACHE_HOME".split(" "),
  ..."SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA".split(" "),
])
const proxies = /^(https?|all)_proxy$/i

/** The environment of this process: the one place where this package reads it. */
export function processEnvironment(): Environment {
  return env
}

/** The part of an environment that any program may see: an allowlist, and proxies unless a password is part of them. */
export function allowedEnvironment(all: Environment): Record<string, string> {
  const allowed = Object.entries(all).filter(([name, value]) => {
    if (value === undefined) return false
    if (proxies.test(name)) return !value.includes("@")
    return harmless.has(name) || harmless.has(name.toUpperCase()) || /^LC_[A-Z]+$/.test(name)
  })
  return Object.fromEntries(allowed) as Record<string, string>
}

/** What dbt is given: the allowlist, what the user names, the secrets of the profile, and what keeps dbt from calling home. */
export function dbtEnvironment(
  all: Environment,
  named: Readonly<Record<string, string | Secret>>,
  profile: Environment,
): Record<string, string> {
  const given = Object.entries({ ...named }).map(([name, value]) => [name, reveal(value)] as const)
  return {
    ...allowedEnvironment(all),
    ...Object.fromEntries(given),
    ...(profile as Record<string, string>),
    DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
    DO_NOT_TRACK: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONUTF8: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  }
}

/** What pip is given: also its own configuration, and proxies as they are. */
export function pipEnvironment(all: Environment): Record<string, string> {
  const own = Object.entries(all).filter(([name, value]) => value !== undefined && (/^PIP_[A-Z_]+$/.test(name) || proxies.test(name)))
  return { ...allowedEnvironment(all), ...(Object.fromEntries(own) as Record<string, string>), PIP_DISABLE_PIP_VERSION_CHECK: "1" }
}

/** What git is given: also the agent that holds the user's keys; it never asks for a password. */
export function gitEnvironment(all: Environment): Record<string, string> {
  const agent = all.SSH_AUTH_SOCK
  return { ...allowedEnvironment(all), ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }), GIT_TERMINAL_PROMPT: "0" }
}
