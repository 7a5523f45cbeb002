import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeTestDatabase } from "@tributary/database/testing";
import { type AtomFeed, parseAtomFeed } from "@tributary/feed";
import { expect, it } from "vitest";
import { confirmByMail } from "./src/confirm-by-mail.ts";
import { stayChanged } from "./src/events.ts";
import { openHospital } from "./src/hospital.ts";

it.for(["sqlite", "postgres"] as const)(
  "the application runs and others learn exactly what became true (%s)",
  async (dialect) => {
    await using place = await makeTestDatabase(dialect);
    const main = spawn(process.execPath, [
      fileURLToPath(new URL("main.ts", import.meta.url)),
      "--database",
      place.address,
    ]);
    const lines = await readUntilServed(main);
    const url = told(lines, "Feed")[0]!;
    const appointments = told(lines, "Booked");
    const [assignment] = told(lines, "Assigned");

    const all = await untilEntries(url, 3);
    const ofAppointments = await readPage(url.replace("recent", "appointment/recent"));
    main.kill("SIGINT");
    const [exitCode] = await once(main, "exit");

    expect(contentsOf(all)).toEqual([
      `/appointments/${appointments[0]}`,
      `/bed-assignments/${assignment}`,
      `/appointments/${appointments[1]}`,
    ]);
    expect(contentsOf(ofAppointments)).toEqual(appointments.map((id) => `/appointments/${id}`));
    expect(told(lines, "Refused")).toEqual(["The ward north is closed."]);
    expect(told(lines, "Mail").toSorted()).toEqual(appointments.map((id) => `Appointment ${id}`).toSorted());
    expect(exitCode).toBe(0);
  },
);

it("a mail server that is down undoes no booking", async () => {
  await using place = await makeTestDatabase("sqlite");
  await using hospital = await openHospital(place.address);
  const failed = Promise.withResolvers<unknown>();
  confirmByMail(hospital.bus, { host: "127.0.0.1", port: 1 }, failed.resolve);
  const heard: string[] = [];
  hospital.bus.on(stayChanged, "after-commit", ({ patient }) => void heard.push(patient));

  await hospital.book("17", "2030-03-01T09:00");
  await hospital.assignBed("17", "south", 4);

  expect(await failed.promise).toMatchObject({ code: "ESOCKET" });
  expect(heard).toEqual(["17", "17"]);
});

/** Everything that the program prints, up to the address of its feed and the mails for both bookings. */
async function readUntilServed(main: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: main.stdout! })) {
    lines.push(line);
    if (told(lines, "Feed").length === 1 && told(lines, "Mail").length === 2) return lines;
  }
  throw new Error(`The program ended before it served its feed: ${lines.join("\n")}`);
}

function told(lines: readonly string[], word: string): string[] {
  return lines.filter((line) => line.startsWith(`${word}: `)).map((line) => line.slice(word.length + 2));
}

async function untilEntries(url: string, count: number): Promise<AtomFeed> {
  for (;;) {
    const feed = await readPage(url);
    if (feed.entries.length >= count) return feed;
  }
}

async function readPage(url: string): Promise<AtomFeed> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return parseAtomFeed(await response.text());
}

function contentsOf(feed: AtomFeed): (string | undefined)[] {
  return feed.entries.map(({ content }) => content?.text);
}
