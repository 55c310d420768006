import { createServer } from "node:http"
import { describe, expect, it, onTestFinished } from "vitest"
import { isPrivateAddress, publicLookup } from "./addresses.ts"
import { createHttpClient } from "./client.ts"
import { jsonOf } from "./json.ts"

describe("private addresses", () => {
  it.each([
    ...["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1"],
    ...["::1", "[::1]", "fd00:ec2::254", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1"],
  ])("%s is one", (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "example.com", "::ffff:8.8.8.8"])("%s is none", (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  it.each([
    "http://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "http://0x7f000001:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://2130706433:PORT/",
  ])("%s is refused before anything is sent, and read where that is allowed", async (template) => {
    let requests = 0
    const server = createServer((_, response) => {
      requests++
      response.end("[1]")
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => void server.close())
    const bound = server.address()
    const url = template.replace("PORT", String(typeof bound === "object" ? bound?.port : 0))
    const context = { signal: new AbortController().signal, log: { warn: () => undefined }, now: () => new Date() }
    await expect(createHttpClient({}).send({ url }, context, jsonOf)).rejects.toMatchObject({
      code: "http-address-refused",
      retryable: false,
    })
    expect(requests).toBe(0)
    const client = createHttpClient({ allowPrivateAddresses: true, retry: { maxAttempts: 1 } })
    expect(await client.send({ url }, context, jsonOf)).toEqual([1])
    await client.close()
  })

  it("a name that leads to one is refused when it is resolved", async () => {
    const found = await new Promise((resolve) =>
      publicLookup("localhost", { all: true }, (error, addresses) => resolve(error ?? addresses)),
    )
    expect(found).toMatchObject({ code: "http-address-refused" })
  })
})
