import { secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { allowedEnvironment, dbtEnvironment, gitEnvironment, pipEnvironment } from "./environment.ts"

const all = {
  PATH: "/bin",
  HOME: "/home",
  LANG: "C",
  LC_ALL: "C",
  TZ: "UTC",
  AWS_SECRET_ACCESS_KEY: "canary",
  PGPASSWORD: "canary",
  SOURCES__REST__TOKEN: "canary",
  DBT_ENV_SECRET_OTHER: "canary",
  NODE_OPTIONS: "canary",
  PIP_INDEX_URL: "https://ana:canary@example.com/simple",
  SSH_AUTH_SOCK: "/agent",
  HTTPS_PROXY: "http://ana:canary@proxy:8080",
  http_proxy: "http://proxy:8080",
  EMPTY: undefined,
}

describe("the environment of dbt", () => {
  it("is an allowlist: nothing else of this process is in it", () => {
    expect(allowedEnvironment(all)).toEqual({
      PATH: "/bin",
      HOME: "/home",
      LANG: "C",
      LC_ALL: "C",
      TZ: "UTC",
      http_proxy: "http://proxy:8080",
    })
  })

  it("has what the user names and what the profile refers to, and nothing that calls home", () => {
    const environment = dbtEnvironment(all, { DBT_ENV_SECRET_TOKEN: secret("named") }, { DBT_ENV_SECRET_LADING_PASSWORD: "own" })
    expect(environment).toMatchObject({
      PATH: "/bin",
      DBT_ENV_SECRET_TOKEN: "named",
      DBT_ENV_SECRET_LADING_PASSWORD: "own",
      DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
    })
    expect(JSON.stringify(environment)).not.toContain("canary")
  })
})

describe("the environments of the programs that prepare it", () => {
  it("give pip its own configuration", () => {
    const { PIP_INDEX_URL, AWS_SECRET_ACCESS_KEY } = pipEnvironment(all) as Record<string, string | undefined>
    expect([PIP_INDEX_URL, AWS_SECRET_ACCESS_KEY]).toEqual([all.PIP_INDEX_URL, undefined])
  })

  it("give git the agent with the user's keys, and nobody to ask", () => {
    expect(gitEnvironment(all)).toMatchObject({ SSH_AUTH_SOCK: "/agent", GIT_TERMINAL_PROMPT: "0" })
    expect(JSON.stringify(gitEnvironment(all))).not.toContain("canary")
  })
})
