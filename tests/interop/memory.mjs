/** Where oidc-provider keeps what it issued: as its own store in memory does, which it warns against. */

/** A store for one provider. */
export function memory() {
  const kept = new Map();
  return (model) => new Kept(model, kept);
}

/** The part of a store that one of the provider's models uses. */
class Kept {
  #model;
  #kept;

  constructor(model, kept) {
    this.#model = model;
    this.#kept = kept;
  }

  async upsert(id, payload) {
    this.#kept.set(this.#key(id), payload);
  }

  async find(id) {
    return this.#kept.get(this.#key(id));
  }

  async findByUid(uid) {
    return this.#all().find(([, payload]) => payload.uid === uid)?.[1];
  }

  async consume(id) {
    this.#kept.get(this.#key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#kept.delete(this.#key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, payload] of this.#all()) {
      if (payload.grantId === grantId) this.#kept.delete(key);
    }
  }

  #key(id) {
    return `${this.#model}:${id}`;
  }

  #all() {
    return [...this.#kept].filter(([key]) => key.startsWith(`${this.#model}:`));
  }
}
