import { type EventDraft, eventType } from "@tributary/events";

/** A patient has an appointment. */
export interface AppointmentBooked {
  readonly appointment: string;
  readonly patient: string;
  readonly startsAt: string;
}

/** A patient has been given a bed. */
export interface BedAssignment {
  readonly assignment: string;
  readonly patient: string;
  readonly ward: string;
  readonly bed: number;
}

/** Something has changed in a patient's stay: heard by whoever cares for the patient rather than for the change. */
export const stayChanged = eventType<{ readonly patient: string }>("stay.changed");
export const appointmentBooked = eventType<AppointmentBooked, { readonly patient: string }>(
  "appointment.booked",
  stayChanged,
);
export const bedAssigned = eventType<BedAssignment, { readonly patient: string }>("bed.assigned", stayChanged);

/** How an appointment appears in the feed: a link, and what keeps one patient's events in order. */
export function describeAppointment({ appointment, patient }: AppointmentBooked): EventDraft {
  return {
    eventType: appointmentBooked.name,
    category: "Appointment",
    title: "Appointment",
    content: `/appointments/${appointment}`,
    orderKey: `Patient/${patient}`,
    entity: { type: "Appointment", id: appointment },
    operation: "create",
  };
}

/** How a bed assignment appears in the feed; its ward is a tag. */
export function describeBedAssignment({ assignment, patient, ward }: BedAssignment): EventDraft {
  return {
    eventType: bedAssigned.name,
    category: "Bed-Assignment",
    title: "Bed-Assignment",
    content: `/bed-assignments/${assignment}`,
    tags: [ward],
    orderKey: `Patient/${patient}`,
    entity: { type: "BedAssignment", id: assignment },
    operation: "create",
  };
}
