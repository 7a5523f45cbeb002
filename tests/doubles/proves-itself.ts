/** A FHIR server to which somebody wants to write, and on whose promises the writing would rest. */
export interface FhirTarget {
  /** The base of its API, without a slash at its end. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Begins every id that a trial writes, so that trials do not meet each other. */
  readonly prefix: string;
}

/** What a target must do before it can be written to safely. */
export const promises = {
  "versions-are-told": tellsVersions,
  "stale-write-is-refused": refusesStaleWrites,
  "refusal-is-a-status": refusesByStatus,
  "transaction-is-atomic": isAtomic,
  "pages-are-whole": tellsWholePages,
} as const satisfies Readonly<Record<string, (door: Door) => Promise<void>>>;

export type FhirPromise = keyof typeof promises;

/** One promise that was tried: kept, or broken in the way that the sentence says. */
export interface Trial {
  readonly promise: FhirPromise;
  readonly isKept: boolean;
  readonly sentence: string;
}

/** Tries every promise of a target by what it does, never by what it says of itself. It leaves a dozen patients there. */
export async function provesItself(target: FhirTarget): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const [promise, trial] of Object.entries(promises) as [FhirPromise, (door: Door) => Promise<void>][]) {
    try {
      await trial(new Door(target, `${target.prefix}-${trials.length}`));
      trials.push({ promise, isKept: true, sentence: "kept" });
    } catch (error) {
      if (!(error instanceof BrokenPromise)) throw error;
      trials.push({ promise, isKept: false, sentence: error.message });
    }
  }
  return trials;
}

class BrokenPromise extends Error {}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new BrokenPromise(otherwise);
}

interface Told {
  readonly status: number;
  readonly tag: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A target's API, as a trial uses it. */
class Door {
  readonly name: string;
  readonly #target: FhirTarget;

  constructor(target: FhirTarget, name: string) {
    this.#target = target;
    this.name = name;
  }

  read(path: string): Promise<Told> {
    return this.#ask("GET", `${this.#target.url}/${path}`);
  }

  follow(address: string): Promise<Told> {
    return this.#ask("GET", address);
  }

  save(id: string, family: string, ifMatch?: string): Promise<Told> {
    return this.#ask("PUT", `${this.#target.url}/Patient/${id}`, aPatient(id, family), ifMatch);
  }

  send(path: string, body: unknown): Promise<Told> {
    return this.#ask(path === "" ? "POST" : "PUT", `${this.#target.url}${path && `/${path}`}`, body);
  }

  async #ask(method: string, address: string, body?: unknown, ifMatch?: string): Promise<Told> {
    const answer = await fetch(address, {
      method,
      headers: {
        ...this.#target.headers,
        "content-type": "application/fhir+json",
        prefer: "return=representation",
        ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: answer.status, tag: answer.headers.get("etag"), body: told };
  }
}

function aPatient(id: string, family: string) {
  return { resourceType: "Patient", id, name: [{ family }] };
}

function familyOf({ body }: Told): unknown {
  return (body["name"] as readonly { readonly family?: unknown }[] | undefined)?.[0]?.family;
}

async function tellsVersions(door: Door): Promise<void> {
  const first = await door.save(door.name, "First");
  const second = await door.save(door.name, "Second");
  const read = await door.read(`Patient/${door.name}`);
  const [a, b] = [first, second].map(({ body }) => (body["meta"] as { versionId?: unknown } | undefined)?.versionId);
  const now = (read.body["meta"] as { readonly versionId?: unknown } | undefined)?.versionId;
  must(typeof a === "string" && typeof b === "string" && a !== b, "Two versions have no two meta.versionId.");
  must(now === b, "A record that is read has another meta.versionId than the write of it told.");
}

async function refusesStaleWrites(door: Door): Promise<void> {
  await door.save(door.name, "First");
  const { tag } = await door.read(`Patient/${door.name}`);
  // Without an ETag there is nothing to be stale, which is another promise.
  const stale = tag ?? 'W/"1"';
  await door.save(door.name, "Second");
  const late = await door.save(door.name, "Stale", stale);
  must(late.status === 412, `A write on a stale ETag is answered with ${late.status} and not with 412.`);
  must(familyOf(await door.read(`Patient/${door.name}`)) === "Second", "A write that was refused is there.");
}

async function refusesByStatus(door: Door): Promise<void> {
  const answer = await door.send(`Patient/${door.name}`, { resourceType: "Nonsense", id: door.name });
  must(answer.status >= 400, `What cannot be saved is answered with ${answer.status}, an error inside or not.`);
}

async function isAtomic(door: Door): Promise<void> {
  const [good, bad] = [`${door.name}-good`, `${door.name}-bad`];
  const entry = [
    { resource: aPatient(good, "Good"), request: { method: "PUT", url: `Patient/${good}` } },
    { resource: { resourceType: "Nonsense", id: bad }, request: { method: "PUT", url: `Patient/${bad}` } },
  ];
  await door.send("", { resourceType: "Bundle", type: "transaction", entry });
  const { status } = await door.read(`Patient/${good}`);
  must(status === 404 || status === 410, "A transaction with one bad entry has left another entry behind.");
}

const pagedRecords = 7;
const pagesMax = 200;

async function tellsWholePages(door: Door): Promise<void> {
  const ids = Array.from({ length: pagedRecords }, (_, n) => `${door.name}-${n}`);
  for (const id of ids) await door.save(id, "Paged");
  const met: string[] = [];
  let total: unknown;
  let page = await door.read("Patient?_count=3&_total=accurate");
  for (let pages = 1; pages <= pagesMax; pages++) {
    total ??= page.body["total"];
    const entries = (page.body["entry"] ?? []) as readonly { readonly resource?: { readonly id?: string } }[];
    met.push(...entries.map(({ resource }) => String(resource?.id)));
    const links = (page.body["link"] ?? []) as readonly { readonly relation: string; readonly url: string }[];
    const next = links.find(({ relation }) => relation === "next");
    if (!next) break;
    page = await door.follow(next.url);
  }
  must(
    ids.every((id) => met.includes(id)),
    `Of ${pagedRecords} records the pages lack some.`,
  );
  must(
    total === undefined || total === met.length,
    `The pages hold ${met.length} records and tell of ${String(total)}.`,
  );
}
