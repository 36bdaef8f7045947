/** What a store that keeps its promises would hold. */

import type { StoredAttempt, StoredLink } from "./records";

export class Model {
  readonly links = new Map<string, StoredLink>();
  readonly attempts = new Map<string, StoredAttempt>();
  /** Keys of users and attempts that were ever written, or were to be. */
  readonly #askedFor = new Set<string>();

  link(platform: string, appUserId: string): StoredLink | undefined {
    return this.links.get(key(platform, appUserId));
  }

  attempt(platform: string, id: string): StoredAttempt | undefined {
    return this.attempts.get(key(platform, id));
  }

  linksOf(platform: string): StoredLink[] {
    return [...this.links.values()].filter((link) => link.platform === platform);
  }

  /** Those who stand in a link's way, by its public id. */
  inTheWay(link: StoredLink): StoredLink[] {
    return this.linksOf(link.platform).filter(
      (other) =>
        other.appUserId !== link.appUserId &&
        other.publicId === link.publicId &&
        !other.sharesPublicId &&
        !link.sharesPublicId,
    );
  }

  write(link: StoredLink): void {
    this.links.set(key(link.platform, link.appUserId), link);
  }

  writeAttempt(attempt: StoredAttempt): void {
    this.attempts.set(key(attempt.platform, attempt.id), attempt);
  }

  remove(platform: string, appUserId: string): void {
    this.links.delete(key(platform, appUserId));
  }

  removeAttempts(platform: string, expiredBefore: number, appUserId: string | null): void {
    for (const [at, attempt] of this.attempts) {
      const goes = attempt.expiresAt < expiredBefore || attempt.appUserId === appUserId;
      if (attempt.platform === platform && goes) this.attempts.delete(at);
    }
  }

  askFor(platform: string, id: string): void {
    this.#askedFor.add(key(platform, id));
  }

  get askedFor(): [platform: string, id: string][] {
    return [...this.#askedFor].map((each) => JSON.parse(each));
  }
}

function key(...parts: string[]): string {
  return JSON.stringify(parts);
}
