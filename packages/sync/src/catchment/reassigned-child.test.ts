import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  cutting,
  livingIn,
  moveAll,
  openClinic,
  openClinicBeside,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { listDisputedRecords } from "../conflict/conflicts.ts";
import { digestHeader, digestOfBody } from "../line/body-digest.ts";
import type { Exchange } from "../line/exchange.ts";
import { listDepartures } from "./follow/departures.ts";
import type { AfterExit } from "./follow/receive-movements.ts";

const live = new AbortController().signal;
const dayMs = 24 * 3_600_000;

describeOnEachDatabase("a child that is given another catchment", (open) => {
  it("[S111] takes it up also while a record of the former one waits to be asked for again", async () => {
    let now = Date.UTC(2026, 0, 1);
    await using clinic = await openClinic(open, { clock: { ...systemClock, now: () => now } });
    const { parent, child, synchronizer, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"));
    await round();
    await child.save(aPatientIn("Kisumu", "p1", { gender: "female" }));
    await parent.save(aPatientIn("Kisumu", "p1", { active: true }));
    expect(await synchronizer.pullOnce(live)).toMatchObject({ status: "partial", waiting: 1 });

    await assign(parent, child, "nairobi");
    now += dayMs;
    const pulled = await synchronizer.pullOnce(live);

    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(Object.keys(await child.bodies())).toContain("Patient/p2");
    await round();
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p2"]);
    expect(JSON.parse((await parent.bodies())["Patient/p1"] ?? "{}")).toMatchObject({ active: true, gender: "female" });
  });

  it("[S242] lets nobody leave by a list of two catchments", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await setCatchment(parent, "lake", { any: [livingIn("Kisumu"), livingIn("Siaya")] });
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"));
    await round();
    await assign(parent, child, "lake");
    let lists = 0;
    const changing: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      if (!request.url.pathname.endsWith("/catchment")) return answer;
      lists += 1;
      if (lists > 1) return answer;
      await assign(parent, child, "kisumu");
      const told = JSON.parse(new TextDecoder().decode(answer.body));
      const body = new TextEncoder().encode(JSON.stringify({ ...told, patients: ["p1"], next: "p1" }));
      return { ...answer, headers: { ...answer.headers, [digestHeader]: digestOfBody(body) }, body };
    };
    const line = cutting(changing, ({ url }) =>
      lists > 1 && url.pathname.includes("/streams/") ? "before" : undefined,
    );
    await using unlucky = synchronizerOf(child, line, { memberships: child.memberships });

    await unlucky.pullOnce(live);
    const between = Object.keys(await child.bodies());
    await round();

    expect(between).toEqual(["Patient/p1", "Patient/p2"]);
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1", "Patient/p2"]);
  });

  it("[S219] keeps no conflict of who was deleted while coming to it", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await using beside = await openClinicBeside(clinic, open, "kisumu-2", "Kisumu");
    const { child: other, synchronizer: there } = beside;
    await round();
    await parent.save(aPatientIn("Kisumu", "p", { birthDate: "1980-01-01" }));
    await moveAll(parent.database);
    await there.pullOnce(live);
    await parent.save(aPatientIn("Kisumu", "p", { birthDate: "1981-01-01" }));
    await other.save(aPatientIn("Kisumu", "p", { birthDate: "1982-01-01" }));
    await there.pushOnce(live);
    await moveAll(parent.database);
    await using unlucky = synchronizerOf(
      child,
      async (request, signal) => {
        if (request.url.pathname.endsWith("compartments/read")) {
          await parent.remove("Patient", "p");
          await moveAll(parent.database);
        }
        return parent.answer(request, signal);
      },
      { memberships: child.memberships },
    );
    await unlucky.pullOnce(live);
    const told = await listDisputedRecords(child.database, parent.id);

    await assign(parent, child, "nairobi");
    await round();

    expect(told).toEqual([{ type: "Patient", id: "p" }]);
    expect(await listDisputedRecords(child.database, parent.id)).toEqual([]);
  });

  const lost = { answer: "after", request: "before" } as const;
  it.each([
    { of: "answer", isTold: true },
    { of: "answer", isTold: false },
    { of: "request", isTold: false },
  ] as const)(
    "[S209] lets go of whom it registered when the $of was lost, told of their coming: $isTold",
    async (one) => {
      await using clinic = await openClinic(open);
      const { parent, child, synchronizer, round } = clinic;
      await setCatchment(parent, "nairobi", livingIn("Nairobi"));
      await round();
      await child.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"));
      const line = cutting(parent.answer, ({ url }) => {
        if (url.pathname.endsWith("push")) return lost[one.of];
        return url.pathname.endsWith("compartments/read") ? "before" : undefined;
      });
      await using unlucky = synchronizerOf(child, line);
      await unlucky.pushOnce(live);
      if (one.isTold) await unlucky.pullOnce(live);
      await assign(parent, child, "nairobi");
      await child.save(aPatientIn("Nairobi", "p2"));

      await synchronizer.pullOnce(live);
      expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Patient/p1", "Patient/p2"]);
      await round();

      expect(Object.keys(await child.bodies())).toEqual(["Patient/p2"]);
      expect(Object.keys(await parent.bodies())).toEqual(["Observation/o1", "Patient/p1", "Patient/p2"]);
    },
  );

  it("[S209] keeps them to be read where that is agreed, and edits that were made before reach the parent", async () => {
    const afterExit: AfterExit = { keep: "read-only" };
    await using clinic = await openClinic(open, { afterExit });
    const { parent, child, synchronizer, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await round();
    await child.save(aPatientIn("Kisumu", "p1"));
    await using unlucky = synchronizerOf(
      child,
      cutting(parent.answer, () => "after"),
    );
    await unlucky.pushOnce(live);
    await child.save(aPatientIn("Kisumu", "p1", { gender: "female" }));
    await assign(parent, child, "nairobi");

    await synchronizer.pullOnce(live);
    await round();

    expect(await listDepartures(child.database, 9)).toMatchObject([{ patient: "p1", state: "read-only" }]);
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1"]);
    expect((await parent.bodies())["Patient/p1"]).toContain("female");
  });

  it("[S209] keeps who is in the new catchment too", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, synchronizer, round } = clinic;
    await setCatchment(parent, "all", { any: [livingIn("Nairobi"), livingIn("Kisumu")] });
    await round();
    await child.save(aPatientIn("Kisumu", "p1"));
    await using unlucky = synchronizerOf(
      child,
      cutting(parent.answer, () => "before"),
    );
    await unlucky.pushOnce(live);
    await assign(parent, child, "all");

    await synchronizer.pullOnce(live);
    await round();
    await round();

    expect(await listDepartures(child.database, 9)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
