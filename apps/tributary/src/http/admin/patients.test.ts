import { adminEndpoints } from "@tributary/admin-api";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

describeOnEachDatabase("what a child asks of its parent for one patient", (_, dialect) => {
  it("has a patient of elsewhere for a while, and is entered in the trail in the name of whoever asked", async () => {
    await using pair = await openPair(dialect);
    const { parent, ask, askParent } = pair;
    await save(parent, aPatient("here", { address: [{ city: "Kisumu" }] }), aPatient("there"));
    await askParent("PUT", "/catchments/lake", { rule: { cohort: "Group/lake" } });
    await askParent("POST", "/children/clinic/catchment", { catchment: "lake" });
    await ask("POST", "/pull");

    const fetched = await ask("POST", "/guests", { patient: "there", purpose: "referral", days: 3 });
    const listed = await ask("GET", "/guests?q=refer&sort=patient");
    const others = await ask("GET", "/guests?q=emergency");
    const wrong = [
      await ask("POST", "/guests", { patient: "there", purpose: "because of her illness" }),
      await ask("POST", "/guests", { patient: "there", purpose: "referral", days: 31 }),
      await ask("POST", "/guests", { patient: "no/id", purpose: "referral" }),
    ];
    const atParent = await askParent("POST", "/guests", { patient: "there", purpose: "referral" });
    const trail = await ask("GET", "/audit?reference=Patient/there&outcome=guest");

    const guest = {
      patient: "there",
      purpose: "referral",
      fetchedAt: expect.any(Number),
      keptUntil: expect.any(Number),
    };
    expect(fetched).toEqual({ status: 200, body: guest });
    expect(adminEndpoints["GET /guests"].answer.parse(listed.body)).toEqual({ items: [guest], next: null, total: 1 });
    expect(others.body).toMatchObject({ items: [], total: 0 });
    expect(wrong.map(({ status, body }) => [status, body["message"]])).toEqual([
      [400, "The purpose is a word, for example emergency."],
      [400, "Guests stay for 1 to 30 days."],
      [400, "The patient is named by the id, for example 123."],
    ]);
    expect(atParent).toMatchObject({ status: 409, body: { code: "CONFIG_INVALID" } });
    expect(trail.body).toMatchObject({ entries: [{ actor: "console", operationId: "purpose:referral" }] });
  });

  it("tells all versions that the parent has, to who may see people", async () => {
    await using pair = await openPair(dialect);
    const { parent, ask, servers } = pair;
    await save(parent, aPatient("p", { birthDate: "1980-01-01" }));
    await save(parent, aPatient("p", { birthDate: "1981-01-01" }));
    await ask("POST", "/pull");
    const operator = await ask("POST", "/tokens", { name: "board", role: "operator" });
    const headers = { authorization: `Bearer ${String(operator.body["token"])}` };

    const told = await ask("POST", "/patients/p/history");
    const refused = await servers.child.inject({ method: "POST", url: "/admin/v1/patients/p/history", headers });
    const guests = await servers.child.inject({ method: "GET", url: "/admin/v1/guests", headers });
    const trail = await ask("GET", "/audit?outcome=history-asked");

    expect(adminEndpoints["POST /patients/:id/history"].answer.parse(told.body).versions).toMatchObject([
      { type: "Patient", id: "p", version: 2, body: expect.stringContaining("1981-01-01") },
      { type: "Patient", id: "p", version: 1, body: expect.stringContaining("1980-01-01") },
    ]);
    expect([refused.statusCode, guests.statusCode]).toEqual([403, 403]);
    expect(trail.body).toMatchObject({ entries: [{ actor: "console", reference: "Patient/p" }] });
  });
});
