/** Cache limits, so that generated keys (`item:${n}`) cannot grow it. */
const MOST_PREFIXES = 1_000;
const LONGEST_PREFIX = 100;

/**
 * The prefixes of lines, with the line feed before them: what a value or message is searched by. A
 * program names the same few keys again and again, so they are cached.
 */
export class LinePrefixes {
  readonly #byKey = new Map<string, string>();

  /** `\n"key"\t` */
  ofValue(key: string): string {
    return this.#byKey.get(key) ?? this.#newPrefix(key);
  }

  /** `\n!"kind"\t` */
  ofMessage(kind: string): string {
    return `\n!${this.ofValue(kind).slice(1)}`;
  }

  #newPrefix(key: string): string {
    const quoted = JSON.stringify(key);
    const prefix = `\n${quoted}\t`;
    if (typeof key !== "string" || prefix.length > LONGEST_PREFIX) return prefix;
    if (this.#byKey.size >= MOST_PREFIXES) this.#byKey.clear();
    // A copy of the key: one that was cut out of a longer text would keep all of that in memory.
    this.#byKey.set(JSON.parse(quoted), prefix);
    return prefix;
  }
}
