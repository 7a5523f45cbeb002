import { FhirRefusal, refusalWithin } from "../../model/fhir-refusal.ts";

/** Does one entry's part; a refusal that comes out of it names the entry. */
export function within<Result>(name: string, part: () => Result): Result {
  try {
    const result = part();
    return result instanceof Promise ? (result.catch((error) => rethrow(name, error)) as Result) : result;
  } catch (error) {
    return rethrow(name, error);
  }
}

function rethrow(name: string, error: unknown): never {
  throw error instanceof FhirRefusal ? refusalWithin(name, error) : error;
}
