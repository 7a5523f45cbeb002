import type { JsonObject } from "@tributary/fhir";
import type { Place } from "../oracle/ledger.ts";

/** Writes a token into its place of a patient, replacing what stood there; an identifier is added to the others. */
export function writeInto(patient: JsonObject, place: Place, token: string): void {
  switch (place) {
    case "name":
      patient["name"] = [{ use: "official", family: token }];
      break;
    case "address":
      patient["address"] = [{ ...homeOf(patient), use: "home", city: token }];
      break;
    case "telecom":
      patient["telecom"] = [{ system: "phone", use: "mobile", value: token }];
      break;
    case "marital":
      patient["maritalStatus"] = { text: token };
      break;
    case "note":
      patient["extension"] = [{ url: "urn:sim:note", valueString: token }];
      break;
    case "identifier":
      patient["identifier"] = [...((patient["identifier"] as JsonObject[]) ?? []), { system: "urn:sim", value: token }];
  }
}

/** Lets a patient live in a district. */
export function moveTo(patient: JsonObject, district: string): void {
  patient["address"] = [{ ...homeOf(patient), use: "home", district }];
}

/** What programs of today refuse in a patient. */
export const refusedGender = "unheard-of";

/** Takes out what a program of long ago let in, as whoever opens the record with another one has to. */
export function cutWhatIsRefused(patient: JsonObject): JsonObject {
  if (patient["gender"] === refusedGender) delete patient["gender"];
  return patient;
}

function homeOf(patient: JsonObject): JsonObject {
  return (patient["address"] as JsonObject[] | undefined)?.find(({ use }) => use === "home") ?? {};
}
