/** Thrown when a promise of our own code is broken; nothing catches it to go on. */
export class BrokenPromiseError extends Error {
  override readonly name = "BrokenPromiseError";
}

/** States what must hold here; a failure is our own defect, not the world's. */
export function assert(condition: unknown, whatMustHold: string): asserts condition {
  if (!condition) throw new BrokenPromiseError(`This must hold, and did not: ${whatMustHold}.`);
}

/** Closes a `switch` over a union: the compiler refuses it as long as a case is missing. */
export function assertNever(value: never): never {
  throw new BrokenPromiseError(`A case is missing for ${JSON.stringify(value)}.`);
}
