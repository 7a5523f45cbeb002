import type { EventDraft } from "../src/outbox/event-draft.ts";

/** An event to append that states only what matters to the case. */
export function anEventDraft(said: Partial<EventDraft> = {}): EventDraft {
  return {
    eventType: "resource.saved",
    category: "patient",
    title: "Patient",
    content: "/fhir/Patient/1",
    orderKey: "Patient/1",
    ...said,
  };
}
