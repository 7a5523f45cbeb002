import { type Database, migrate, openDatabase } from "@tributary/database";
import { EventBus, eventsMigrations, Outbox, openSequencer } from "@tributary/events";
import { feedMigrations } from "@tributary/feed";
import { systemClock as clock, newUuid, systemRandom as random, silentLogger } from "@tributary/kernel";
import { appointmentBooked, bedAssigned, describeAppointment, describeBedAssignment } from "./events.ts";
import type { HospitalDatabase } from "./hospital-database.ts";
import { openHospitalOnSqlite } from "./hospital-on-sqlite.ts";

/** An application with business of its own, and events beside it. */
export interface Hospital extends AsyncDisposable {
  readonly bus: EventBus;
  /** The same database as the feed reads it. */
  readonly database: Database;
  book(patient: string, startsAt: string): Promise<string>;
  assignBed(patient: string, ward: string, bed: number): Promise<string>;
}

/** Opens the hospital in a SQLite file or a PostgreSQL database, and joins its bus with the outbox. */
export async function openHospital(address: string): Promise<Hospital> {
  const database = await openDatabase({ address });
  await migrate(database, [...eventsMigrations, ...feedMigrations]);
  const hospital = await openTables(address, database);
  const bus = new EventBus();
  const outbox = new Outbox({ clock, random });
  const sequencer = openSequencer({ database, clock, random, logger: silentLogger });
  outbox.onAppended(() => sequencer.wake());
  bus.on(appointmentBooked, "within-transaction", outbox.listener(describeAppointment));
  bus.on(bedAssigned, "within-transaction", outbox.listener(describeBedAssignment));

  return {
    bus,
    database,
    book: (patient, startsAt) =>
      hospital.change(async ({ tx, execute }) => {
        const appointment = newUuid(clock, random);
        await execute("insert into appointments (id, patient, starts_at) values ($1, $2, $3)", [
          appointment,
          patient,
          startsAt,
        ]);
        await bus.publish(tx, appointmentBooked, { appointment, patient, startsAt });
        return appointment;
      }),
    assignBed: (patient, ward, bed) =>
      hospital.change(async ({ tx, execute }) => {
        const assignment = newUuid(clock, random);
        await execute("insert into bed_assignments (id, patient, ward, bed) values ($1, $2, $3, $4)", [
          assignment,
          patient,
          ward,
          bed,
        ]);
        await bus.publish(tx, bedAssigned, { assignment, patient, ward, bed });
        return assignment;
      }),
    async [Symbol.asyncDispose]() {
      await hospital[Symbol.asyncDispose]();
      await sequencer[Symbol.asyncDispose]();
      await database.close();
    },
  };
}

async function openTables(address: string, database: Database): Promise<HospitalDatabase> {
  if (database.dialect === "sqlite") return openHospitalOnSqlite(address);
  const { openHospitalOnPostgres } = await import("./hospital-on-postgres.ts");
  return openHospitalOnPostgres(address);
}
