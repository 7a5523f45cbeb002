/**
 * One kind of event: the value that publishers and listeners share, and that types the event for both.
 *
 * A type may have a broader one: who listens to the broader type hears the narrower one's events too. Types are told
 * apart by identity, so two packages that choose the same name do not hear each other by accident.
 */
export class EventType<E> {
  /** Never set: it tells the compiler what an event of this type carries. */
  declare readonly event?: E;
  /** A past-tense fact, `subject.verb`: `resource.saved`, `appointment.booked`. */
  readonly name: string;
  readonly broader: EventType<unknown> | undefined;

  constructor(name: string, broader?: EventType<unknown>) {
    this.name = name;
    this.broader = broader;
  }
}

/**
 * Declares a kind of event. An application declares its own beside those of the packages it uses.
 *
 * @example
 * const bedAssigned = eventType<BedAssignment>("bed.assigned");
 * const patientSaved = eventType<ResourceSaved<Patient>, ResourceSaved>("patient.saved", resourceSaved);
 */
export function eventType<E>(name: string): EventType<E>;
export function eventType<E extends B, B>(name: string, broader: EventType<B>): EventType<E>;
export function eventType<E>(name: string, broader?: EventType<unknown>): EventType<E> {
  return new EventType<E>(name, broader);
}
