import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { TributaryError } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import {
  aPatientIn,
  cutting,
  enrol,
  moveAll,
  openRestorableClinic,
  openRestorableNode,
  type RestorableNode,
  roundOf,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { parseSelection } from "../manual/selection.ts";

const live = new AbortController().signal;
const gone: Exchange = async () => {
  throw new TributaryError("REMOTE_UNAVAILABLE", "no line", { retryable: true });
};

/** A line on which the parent writes a record while content is asked for, and which is gone once that has come. */
function writtenWhileRead({ node }: RestorableNode, record: JsonObject): Exchange {
  let isRead = false;
  return async (request, signal) => {
    if (isRead) return gone(request, signal);
    if (request.url.pathname.endsWith("/read")) {
      isRead = true;
      await node.save(record);
    }
    return node.answer(request, signal);
  };
}

/** More than a first answer holds. */
const long = `<div xmlns="http://www.w3.org/1999/xhtml">${"a".repeat(300_000)}</div>`;
const editedAgain = aPatient("p", { gender: "other" });

async function pull({ node }: RestorableNode, line: Exchange) {
  await using synchronizer = synchronizerOf(node, line, { memberships: node.memberships });
  return synchronizer.pullOnce(live);
}

async function fetchByHand({ node }: RestorableNode, parent: RestorableNode, reference: string): Promise<void> {
  await moveAll(parent.node.database);
  const selection = parseSelection({ references: [reference] });
  await using synchronizer = synchronizerOf(node, parent.answer, { memberships: node.memberships });
  await synchronizer.syncSelected({ selection, directions: ["pull"] }, "nurse", live);
}

describe.each(["sqlite", "postgres"] as const)("a record that was read ahead of the stream (%s)", (dialect) => {
  it.each([
    ["has written nothing since", async () => {}],
    ["has written something else since", async (parent: RestorableNode) => parent.node.save(aPatient("other"))],
  ])("[S202] is sent to a parent that was restored to before it, and %s", async (_, since) => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"));
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.node.save(aPatient("p", { gender: "female" }));
    await moveAll(parent.node.database);
    await parent.backUp();
    await pull(child, writtenWhileRead(parent, editedAgain));
    const read = (await child.node.bodies())["Patient/p"];

    await parent.restore();
    await since(parent);
    await moveAll(parent.node.database);
    const pulled = await pull(child, parent.answer);
    await moveAll(parent.node.database);
    await pull(child, parent.answer);

    expect(read).toContain("other");
    expect(pulled.status).toBe("complete");
    expect((await parent.node.bodies())["Patient/p"]).toContain("other");
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S202] is not forgotten for what is read ahead of the restored parent's stream", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"), aPatient("q"));
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.backUp();
    await parent.node.save(editedAgain);
    await fetchByHand(child, parent, "Patient/p");
    const read = await child.node.bodies();

    await parent.restore();
    for (const gender of ["male", "other"]) await parent.node.save(aPatient("q", { gender }));
    await fetchByHand(child, parent, "Patient/q");
    for (let n = 0; n < 2; n++) await roundOf(child.node, parent.node);

    expect(read["Patient/p"]).toContain("other");
    expect((await parent.node.bodies())["Patient/p"]).toContain("other");
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S202] is another at the restored parent, also where it is for every child and came with the first compartments", async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    const named = (name: string) => ({ resourceType: "Organization", id: "org", name });
    await parent.node.save(aPatientIn("Kisumu", "q"), named("Ministry"));
    await parent.backUp();
    let isAsked = false;
    await pull(clinic, async (request, signal) => {
      if (!isAsked && request.url.pathname.endsWith("compartments/read")) {
        isAsked = true;
        await parent.node.save(named("Department"));
      }
      return parent.answer(request, signal);
    });
    const read = await clinic.node.bodies();

    await parent.restore();
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, parent.node);

    expect(read["Organization/org"]).toContain("Department");
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S202] is nothing that a parent would still be asked for which was restored before anything of it came", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.backUp();
    await parent.node.save(aPatient("p"));
    await moveAll(parent.node.database);
    await pull(
      child,
      cutting(parent.answer, ({ url }) => (url.pathname.endsWith("/read") ? "before" : undefined)),
    );

    await parent.restore();
    const pulled = await pull(child, parent.answer);

    expect(pulled).toMatchObject({ status: "complete", marker: { position: 0, head: 0 } });
  });

  it("[S202] is sent to a parent that was restored while a child was reading it for the first time", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"));
    await parent.node.save(aPatient("q", { text: { status: "generated", div: long } }));
    await moveAll(parent.node.database);
    await parent.backUp();
    const brokenOff = await pull(child, writtenWhileRead(parent, editedAgain));
    const read = await child.node.bodies();

    await parent.restore();
    for (let n = 0; n < 2; n++) {
      await pull(child, parent.answer);
      await moveAll(parent.node.database);
    }

    expect(brokenOff.status).toBe("interrupted");
    expect([Object.keys(read), read["Patient/p"]]).toEqual([["Patient/p"], expect.stringContaining("other")]);
    expect((await parent.node.bodies())["Patient/p"]).toContain("other");
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S202] is asked for again where it was said not to be there, and is there once the parent was restored", async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "q"));
    await roundOf(clinic.node, parent.node);
    await parent.node.save(aPatientIn("Kisumu", "q", { gender: "female" }));
    await moveAll(parent.node.database);
    await parent.backUp();
    await pull(clinic, writtenWhileRead(parent, aPatientIn("Nairobi", "q")));

    await parent.restore();
    const pulled = await pull(clinic, parent.answer);

    expect(pulled.status).toBe("complete");
    expect((await clinic.node.bodies())["Patient/q"]).toContain("female");
  });

  it("[S202] is nothing out of the ordinary once the stream has announced it", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"));
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.node.save(aPatient("p", { gender: "female" }));
    await moveAll(parent.node.database);
    await pull(child, writtenWhileRead(parent, editedAgain));

    const pulled = await pull(child, parent.answer);
    const idle = await pull(child, parent.answer);

    expect(pulled).toMatchObject({ status: "complete", applied: 0 });
    expect(idle).toMatchObject({ status: "complete", requests: 1 });
  });
});
