import type { Transaction } from "@tributary/database";
import { expect, it } from "vitest";
import { EventBus } from "./event-bus.ts";
import { type EventType, eventType } from "./event-type.ts";

interface Patient {
  readonly resourceType: "Patient";
  readonly birthDate: string;
}
interface Encounter {
  readonly resourceType: "Encounter";
  readonly status: string;
}
interface ResourceSaved<R> {
  readonly version: number;
  readonly resource: R;
}
type AnyResource = Patient | Encounter;

const resourceSaved = eventType<ResourceSaved<AnyResource>>("resource.saved");
const patientSaved = eventType<ResourceSaved<Patient>, ResourceSaved<AnyResource>>("patient.saved", resourceSaved);
const encounterSaved = eventType<ResourceSaved<Encounter>, ResourceSaved<AnyResource>>(
  "encounter.saved",
  resourceSaved,
);

interface AppointmentBooked {
  readonly appointment: number;
  readonly startsAt: string;
}
const appointmentBooked = eventType<AppointmentBooked>("appointment.booked");

/** The compiler reads this; it is never called. */
function whatTheCompilerHolds(bus: EventBus, tx: Transaction): void {
  bus.on(patientSaved, "after-commit", ({ resource }) => void resource.birthDate.length);
  bus.on(encounterSaved, "within-transaction", ({ resource }, within) => void [within.id, resource.status]);
  bus.on(resourceSaved, "after-commit", ({ resource }) => void resource.resourceType.length);
  bus.on(appointmentBooked, "after-rollback", ({ startsAt }) => void startsAt.length);
  void bus.publish(tx, appointmentBooked, { appointment: 1, startsAt: "2024-02-29" });
  void bus.publish(tx, appointmentBooked, () => ({ appointment: 1, startsAt: "2024-02-29" }));
  const heardByAll: EventType<unknown> = patientSaved;
  bus.hasListeners(heardByAll);

  // @ts-expect-error A patient has no status: the two saved events are different types.
  bus.on(patientSaved, "after-commit", ({ resource }) => void resource.status);
  // @ts-expect-error A listener for patients alone cannot hear every resource.
  bus.on(resourceSaved, "after-commit", (event: ResourceSaved<Patient>) => void event.version);
  // @ts-expect-error After the commit there is no transaction left to hand over.
  bus.on(patientSaved, "after-commit", (_event, within: Transaction) => void within.id);
  // @ts-expect-error An event is published whole.
  void bus.publish(tx, appointmentBooked, { appointment: 1 });
  // @ts-expect-error A saved encounter is no saved patient, in a function either.
  void bus.publish(tx, patientSaved, () => ({
    version: 1,
    resource: { resourceType: "Encounter", status: "planned" },
  }));
  // @ts-expect-error A booked appointment is not a kind of saved resource.
  eventType<AppointmentBooked, ResourceSaved<AnyResource>>("appointment.booked", resourceSaved);
  // @ts-expect-error The broader type must be the one that was named.
  eventType<ResourceSaved<Patient>, ResourceSaved<AnyResource>>("patient.saved", appointmentBooked);
}

it("[E3] the compiler tells publishers and listeners what an event carries, without a cast", () => {
  // Each expected error above is an error of the compiler when it does not occur.
  expect(whatTheCompilerHolds).toBeTypeOf("function");
});

it("[E3] two types of one name are two types", () => {
  const bus = new EventBus();
  const ours = eventType<number>("counted");
  const theirs = eventType<number>("counted");

  bus.on(ours, "after-commit", () => {});

  expect(bus.hasListeners(ours)).toBe(true);
  expect(bus.hasListeners(theirs)).toBe(false);
});
