/** The longest time for which a patient of elsewhere is kept; whoever stays longer belongs into the catchment. */
export const guestDaysMax = 30;

/** What a child says when a patient of elsewhere shows up. */
export interface GuestRequest {
  /** The patient's id. */
  readonly patient: string;
  /** A word: `emergency`, `referral`. It stands in the audit trails, so it is no text about a person. */
  readonly purpose: string;
  /** For how many days the records are kept. */
  readonly days: number;
}

/** Tells whether a value can be a purpose. */
export function isPurpose(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z][A-Za-z-]{2,39}$/.test(value);
}
