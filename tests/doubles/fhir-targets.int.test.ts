import { describe, expect, it } from "vitest";
import { makeTree } from "../topology/tree.ts";
import { type Lie, lies, openFhirDouble } from "./fhir-double.ts";
import { type FhirPromise, promises, provesItself, type Trial } from "./proves-itself.ts";

/** Which promise each lie breaks, and no other. */
const breaks: Readonly<Record<Lie, FhirPromise>> = {
  "ignores-if-match": "stale-write-is-refused",
  "error-inside-200": "refusal-is-a-status",
  "drops-atomicity": "transaction-is-atomic",
  "truncates-page": "pages-are-whole",
  "loses-version-id": "versions-are-told",
};

const broken = (trials: readonly Trial[]) => trials.filter(({ isKept }) => !isKept).map(({ promise }) => promise);

describe("a FHIR target proves itself", () => {
  it.each(["sqlite", "postgres"] as const)("a node of our own keeps every promise (%s)", async (dialect) => {
    await using tree = await makeTree(dialect, []);
    const { node, token } = tree.parent;
    await node.start();

    const headers = { authorization: `Bearer ${token}` };
    const trials = await provesItself({ url: `${node.url}/fhir`, headers, prefix: "trial" });

    expect(broken(trials)).toEqual([]);
    expect(trials.map(({ promise }) => promise)).toEqual(Object.keys(promises));
  });

  it("an honest double keeps every promise", async () => {
    await using double = await openFhirDouble();

    expect(broken(await provesItself({ url: double.url, prefix: "trial" }))).toEqual([]);
  });

  it.each(lies)("a double that %s breaks exactly that promise", async (lie) => {
    await using double = await openFhirDouble(lie);

    const trials = await provesItself({ url: double.url, prefix: "trial" });

    expect(broken(trials)).toEqual([breaks[lie]]);
    expect(trials.find(({ isKept }) => !isKept)?.sentence).toMatch(/^[A-Z].+\.$/);
  });
});
