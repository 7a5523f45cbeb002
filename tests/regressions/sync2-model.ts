/** An object as one server of Sync 2.0 holds it. */
export interface Sync2Object {
  readonly body: string;
  readonly isVoided: boolean;
}

type Action = "saved" | "voided";

interface FeedEvent {
  readonly category: string;
  readonly uuid: string;
  readonly action: Action;
}

/** One OpenMRS server: objects by category and uuid, and a feed that says what was touched. */
export class Sync2Server {
  readonly objects = new Map<string, Sync2Object>();
  readonly feed: FeedEvent[] = [];
  /** What has to be there before an object of some category can be saved. */
  needs: (category: string, uuid: string) => string | undefined = () => undefined;
  /** Answers writes with this status instead of doing them. */
  answersWith: number | undefined;

  read(category: string, uuid: string): Sync2Object | undefined {
    return this.objects.get(`${category}/${uuid}`);
  }

  save(category: string, uuid: string, body: string): number {
    return this.#write(category, uuid, "saved", { body, isVoided: false });
  }

  void(category: string, uuid: string): number {
    const { body = "" } = this.read(category, uuid) ?? {};
    return this.#write(category, uuid, "voided", { body, isVoided: true });
  }

  #write(category: string, uuid: string, action: Action, object: Sync2Object): number {
    if (this.answersWith !== undefined) return this.answersWith;
    const needed = this.needs(category, uuid);
    if (needed !== undefined && !this.objects.has(needed)) throw new Error(`${needed} is missing`);
    const before = this.read(category, uuid);
    // What is saved as it was makes no event.
    if (before?.body === object.body && before.isVoided === object.isVoided) return 200;
    this.objects.set(`${category}/${uuid}`, object);
    this.feed.push({ category, uuid, action });
    return 200;
  }
}

export interface Sync2Audit {
  readonly operation: "push" | "pull";
  readonly key: string;
  readonly success: boolean;
}

/**
 * The algorithm of OpenMRS Sync 2.0 with its default merge strategy, as far as the defects that it is known for need it:
 * a negative control. What the rules of our own protocol prevent has to be seen happening here.
 */
export class Sync2Child {
  readonly server: Sync2Server;
  readonly parent: Sync2Server;
  readonly audit: Sync2Audit[] = [];
  readonly conflicts: { readonly key: string; readonly local: string; readonly foreign: string }[] = [];
  /** The filter of each category; where none is configured, everything is let in. */
  readonly filters = new Map<string, (uuid: string) => boolean>();
  /** "The hash that the parent had last", by the object's uuid alone. */
  readonly #parentHashes = new Map<string, string>();
  #pushedTo = 0;
  #pulledTo = 0;

  constructor(server: Sync2Server, parent: Sync2Server) {
    this.server = server;
    this.parent = parent;
  }

  push(): void {
    for (; this.#pushedTo < this.server.feed.length; this.#pushedTo++) {
      this.#process("push", this.server.feed[this.#pushedTo]!, this.server, this.parent);
    }
  }

  pull(): void {
    for (; this.#pulledTo < this.parent.feed.length; this.#pulledTo++) {
      this.#process("pull", this.parent.feed[this.#pulledTo]!, this.parent, this.server);
    }
  }

  /** One event. Whatever goes wrong becomes a row of the audit, and the marker moves on. */
  #process(operation: "push" | "pull", event: FeedEvent, source: Sync2Server, target: Sync2Server): void {
    const { category, uuid, action } = event;
    const key = `${category}/${uuid}`;
    if (!(this.filters.get(category)?.(uuid) ?? true)) return;
    try {
      const there = source.read(category, uuid);
      const here = target.read(category, uuid);
      if (!there) return;
      if (action === "voided") {
        if (here && !here.isVoided) target.void(category, uuid);
        this.audit.push({ operation, key, success: true });
        return;
      }
      if (there.isVoided || there.body === here?.body) return;
      const winner = this.#winnerOf(key, uuid, there.body, here?.body);
      if (winner === undefined) {
        this.audit.push({ operation, key, success: false });
        return;
      }
      // The answer is only logged, whatever its status.
      target.save(category, uuid, winner);
      this.#parentHashes.set(uuid, winner);
      this.audit.push({ operation, key, success: true });
    } catch {
      this.audit.push({ operation, key, success: false });
    }
  }

  /** The side that alone differs from the stored hash; without one, the source. `undefined` opens a conflict. */
  #winnerOf(key: string, uuid: string, source: string, target: string | undefined): string | undefined {
    const last = this.#parentHashes.get(uuid);
    if (last === undefined || target === undefined) return source;
    if (source === last) return target;
    if (target === last) return source;
    this.conflicts.push({ key, local: source, foreign: target });
    return undefined;
  }
}

/** A parent and a child of Sync 2.0. */
export function sync2Pair(): { readonly parent: Sync2Server; readonly child: Sync2Child } {
  const parent = new Sync2Server();
  return { parent, child: new Sync2Child(new Sync2Server(), parent) };
}
