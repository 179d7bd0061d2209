/**
 * Values of objects, which this does not keep: what nobody else has any more is forgotten. Unlike a `WeakMap`, it can be iterated
 * over.
 */
export class WeakEntries<K extends WeakKey, V> implements Iterable<[K, V]> {
  readonly #entries = new WeakMap<K, { value: V; ref: WeakRef<K> }>();
  readonly #refs = new Set<WeakRef<K>>();
  readonly #collected = new FinalizationRegistry<WeakRef<K>>((ref) => this.#refs.delete(ref));

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: K, value: V): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.value = value;
      return;
    }
    const ref = new WeakRef(key);
    this.#entries.set(key, { value, ref });
    this.#refs.add(ref);
    this.#collected.register(key, ref, ref);
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#refs.delete(entry.ref);
      this.#collected.unregister(entry.ref);
    }
  }

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const ref of this.#refs) {
      const key = ref.deref();
      const entry = key && this.#entries.get(key);
      if (key !== undefined && entry !== undefined) {
        yield [key, entry.value];
      }
    }
  }
}
