/** One thing that somebody did at a node which could not reach the others. */
export interface Edit {
  /** The node and what was done there, for a person. */
  readonly what: string;
  /** The record, as `Type/id`. */
  readonly reference: string;
  /** Text that only this edit has put into the record; left out for a deletion. */
  readonly mark?: string;
}
