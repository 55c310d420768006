/**
 * An object as JSON text has it: keys in the order of the text, `__proto__` a key like any other, integer-like keys not moved to
 * the front. A key that comes again replaces the value and keeps its first place, as in Python and JavaScript.
 */
export class JsonObject {
  readonly keys: string[] = []
  readonly values: unknown[] = []
  private index: Map<string, number> | undefined

  set(key: string, value: unknown): void {
    const known = this.indexOf(key)
    if (known >= 0) {
      this.values[known] = value
      return
    }
    this.index?.set(key, this.keys.length)
    this.keys.push(key)
    this.values.push(value)
  }

  private indexOf(key: string): number {
    if (this.keys.length < 16) return this.keys.indexOf(key)
    if (this.index === undefined) this.index = new Map(this.keys.map((name, i) => [name, i]))
    return this.index.get(key) ?? -1
  }
}
