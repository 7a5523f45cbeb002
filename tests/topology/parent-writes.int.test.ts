import { describe, expect, it } from "vitest";
import { pause } from "../program/pause.ts";
import { tributary } from "../program/tributary.ts";
import { makeNetwork } from "./network.ts";

const shared = { resourceType: "Patient", gender: "male", birthDate: "1980-01-01", language: "en" };
const fhir = { "content-type": "application/fhir+json" };
const patch = { "content-type": "application/json-patch+json" };
const withinMs = 15_000;

/** A node's FHIR API over HTTP. */
function clientOf(url: string, token: string) {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = fhir) => {
    const answer = await fetch(`${url}/fhir${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, resource: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
  };
}

type Client = ReturnType<typeof clientOf>;

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const givenUpAt = Date.now() + withinMs;
  while (!(await isDone())) {
    if (Date.now() > givenUpAt) throw new Error("It did not come to an end.");
    await pause(50);
  }
}

describe.each(["sqlite", "postgres"] as const)("plain FHIR writes at a parent over HTTP (%s)", (dialect) => {
  it("[S89] take the same road as a push: conditions hold, older edits of the child are merged, deletions conflict", async () => {
    await using network = await makeNetwork(dialect);
    const { parent, child, token } = network;
    await parent.start();
    const atParent = clientOf(parent.url, token);
    const ids = ["put", "patch", "conditional", "bundle", "delete"];
    for (const id of ids)
      await atParent("PUT", `/Patient/${id}`, { ...shared, id, identifier: [{ system: "urn:s", value: id }] });
    await child.start();
    const atChild = clientOf(child.url, await tributary("token", "create", "test", "--dir", child.folder));
    await until(() => isThere(atChild, "delete"));

    // The parent edits while the child cannot be reached, and the child while the parent cannot.
    await child.kill();
    const changed = { ...shared, language: "sw" };
    const identified = (id: string) => ({ ...changed, id, identifier: [{ system: "urn:s", value: id }] });
    const matching = { ...fhir, "if-match": 'W/"1"' };
    const answers = [
      await atParent("PUT", "/Patient/put", identified("put"), matching),
      await atParent("PUT", "/Patient/put", identified("put"), matching),
      await atParent("PATCH", "/Patient/patch", [{ op: "replace", path: "/language", value: "sw" }], patch),
      await atParent("PUT", "/Patient?identifier=urn:s|conditional", identified("conditional")),
      await atParent("POST", "", {
        resourceType: "Bundle",
        type: "transaction",
        entry: [
          { resource: identified("bundle"), request: { method: "PUT", url: "Patient/bundle", ifMatch: 'W/"1"' } },
        ],
      }),
      await atParent("DELETE", "/Patient/delete"),
    ];
    await parent.kill();
    await child.start();
    for (const id of ids) {
      await atChild("PATCH", `/Patient/${id}`, [{ op: "replace", path: "/gender", value: "female" }], patch);
    }
    await parent.start();
    await until(async () =>
      (await Promise.all(ids.map((id) => genderOf(atParent, id)))).every((one) => one === "female"),
    );
    await until(async () => (await languageOf(atChild, "bundle")) === "sw");

    expect(answers.map(({ status }) => status)).toEqual([200, 412, 200, 200, 200, 204]);
    for (const id of ids.slice(0, 4)) {
      const { resource } = await atParent("GET", `/Patient/${id}`);
      expect(resource).toMatchObject({ gender: "female", language: "sw", meta: { versionId: "3" } });
      const history = await atParent("GET", `/Patient/${id}/_history`);
      expect(history.resource["entry"]).toHaveLength(3);
    }
    const conflicts = await tributary("conflicts", "list", "--dir", parent.folder, "--json");
    expect(conflicts).toContain('"id":"delete"');
    const trail = await tributary("audit", "list", "--dir", parent.folder, "--json");
    expect(trail).toContain("local-write");
    expect(trail).toContain("merge");
  });
});

async function isThere(client: Client, id: string): Promise<boolean> {
  return (await client("GET", `/Patient/${id}`)).status === 200;
}

async function genderOf(client: Client, id: string): Promise<unknown> {
  return (await client("GET", `/Patient/${id}`)).resource["gender"];
}

async function languageOf(client: Client, id: string): Promise<unknown> {
  return (await client("GET", `/Patient/${id}`)).resource["language"];
}
