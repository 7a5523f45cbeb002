import type { Refusal } from "./refusal.ts";

/** Thrown while a request is being received, when it can go no further; the server writes it in the route's style. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.sentence);
    this.refusal = refusal;
  }
}
