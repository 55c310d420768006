import { connect, createServer } from "node:net"

/** How long a link is silent before it breaks, when it stalls. */
const silenceMs = 400

/**
 * A TCP proxy that breaks one connection at one byte. `arm(fault)` sets what happens next, once:
 * - `{ kind: "cut", direction: "up" | "down", at }` the connection is cut after so many bytes to (up) or from (down) the server, in the middle of a message
 * - `{ kind: "strand", direction, at }` the client is cut off; the server is left waiting, as when a network dies
 * - `{ kind: "stall", direction, at }` nothing passes for a while, then it breaks
 * - `{ kind: "copy", at }` cut so many bytes after the first COPY began
 * - `{ kind: "commit", loses: "answer" | "request", time }` the time-th COMMIT reaches the server and its answer is lost, or it does not reach it
 * - `{ kind: "refuse", time }` the time-th connection from now on is refused
 * `fired` tells whether it has happened; `bytes` and `commits` count what has passed since `arm`; `release()` ends what was stranded.
 */
export async function startFaultProxy(target) {
  const sockets = new Set()
  const stranded = new Set()
  const state = { fault: undefined, fired: false, bytes: { up: 0, down: 0 }, connections: 0, commits: 0, copied: undefined }
  const server = createServer((client) => {
    state.connections++
    if (fires(state, state.fault?.kind === "refuse" && state.connections === state.fault.time)) return client.destroy()
    const upstream = connect(target)
    const link = { client, upstream, isStalled: false }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.delete(socket))
    }
    client.on("data", (bytes) => pass(state, link, "up", bytes, stranded))
    upstream.on("data", (bytes) => pass(state, link, "down", bytes, stranded))
    client.on("close", () => stranded.has(upstream) || upstream.destroy())
    upstream.on("close", () => client.destroy())
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  const release = () => {
    for (const socket of stranded) socket.destroy()
    stranded.clear()
  }
  return {
    host: "127.0.0.1",
    port: server.address().port,
    get fired() {
      return state.fired
    },
    get commits() {
      return state.commits
    },
    get bytes() {
      return { ...state.bytes }
    },
    arm(fault) {
      Object.assign(state, { fault, fired: false, bytes: { up: 0, down: 0 }, connections: 0, commits: 0, copied: undefined })
    },
    release,
    async close() {
      release()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** True the first time that the condition of the armed fault holds. */
function fires(state, condition) {
  if (state.fired || !condition) return false
  state.fired = true
  return true
}

function pass(state, link, direction, bytes, stranded) {
  if (link.isStalled) return
  const to = direction === "up" ? link.upstream : link.client
  const before = state.bytes[direction]
  state.bytes[direction] += bytes.length
  const isCommit = direction === "up" && bytes.includes("COMMIT\0")
  if (isCommit) state.commits++
  const { fault } = state
  if (fault === undefined || state.fired) return void to.write(bytes)
  if (fault.kind === "commit") return passCommit(state, link, direction, bytes, isCommit)
  const limit = limitOf(state, fault, direction, before, bytes)
  if (limit === undefined || !fires(state, limit < bytes.length)) return void to.write(bytes)
  const some = bytes.subarray(0, Math.max(0, limit))
  if (some.length > 0) to.write(some)
  breakLink(fault.kind, link, stranded)
}

/** How many of these bytes still pass before the fault; undefined when it is not about them. */
function limitOf(state, fault, direction, before, bytes) {
  if (fault.kind === "copy") {
    if (direction !== "up") return undefined
    if (state.copied === undefined) {
      if (!bytes.includes("COPY ")) return undefined
      state.copied = 0
    }
    const left = fault.at - state.copied
    state.copied += bytes.length
    return left
  }
  return fault.direction === direction ? fault.at - before : undefined
}

function passCommit(state, link, direction, bytes, isCommit) {
  if (direction === "down") return void link.client.write(bytes)
  if (!fires(state, isCommit && state.commits === state.fault.time)) return void link.upstream.write(bytes)
  if (state.fault.loses === "request") return void link.client.destroy()
  // What comes back from now on is the answer, and the client is gone when it does.
  link.upstream.write(bytes)
  link.upstream.removeAllListeners("data")
  link.upstream.once("data", () => link.client.destroy())
}

function breakLink(kind, link, stranded) {
  link.isStalled = true
  if (kind === "strand") {
    stranded.add(link.upstream)
    link.client.destroy()
  } else if (kind === "stall") {
    stranded.add(link.upstream)
    setTimeout(() => link.client.destroy(), silenceMs)
  } else {
    // What was passed on is on its way first: a message that ends in the middle.
    link.upstream.end()
    link.client.end()
    setImmediate(() => link.client.destroy())
  }
}
