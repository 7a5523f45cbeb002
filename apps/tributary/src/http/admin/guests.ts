import { adminEndpoints } from "@tributary/admin-api";
import { isResourceId } from "@tributary/fhir";
import { guestDaysMax, isPurpose, listGuests } from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, readQuery, synchronizerAt, unusable } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** Guests that are sorted and filtered; a clinic with more has another catchment than it needs. */
const guestsMax = 10_000;

/** `GET /admin/v1/guests`: a page of the patients of elsewhere whose records are here. */
export const tellGuests: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order } = readQuery(request, adminEndpoints["GET /guests"].query);
  const text = q?.toLowerCase();
  const page = sortedPage(await listGuests(node.database, guestsMax), {
    nameOf: ({ patient }) => patient,
    by: (guest) => guest[sort],
    order,
    matches: ({ patient, purpose }) =>
      text === undefined || patient.toLowerCase().includes(text) || purpose.toLowerCase().includes(text),
    after,
    limit,
  });
  return answer(page);
};

/** `POST /admin/v1/guests`: asks the parent for the records of a patient of elsewhere. */
export const fetchGuest: AdminHandler = (node) => async (request) => {
  const asked = readBody(request, adminEndpoints["POST /guests"].body);
  if (!isResourceId(asked.patient)) throw refuse(unusable, "patient-name-wrong", {});
  if (!isPurpose(asked.purpose)) throw refuse(unusable, "purpose-wrong", {});
  if (!(asked.days >= 1 && asked.days <= guestDaysMax)) {
    throw refuse(unusable, "guest-days-wrong", { most: String(guestDaysMax) });
  }
  const synchronizer = await synchronizerAt(node);
  return answer(await synchronizer.fetchGuestOnce(asked, actorOf(request, node).author, request.signal));
};

/** `POST /admin/v1/patients/{id}/history`: asks the parent for all versions of a patient's records. */
export const fetchPatientHistory: AdminHandler = (node) => async (request) => {
  const patient = request.parameters["id"] ?? "";
  if (!isResourceId(patient)) throw refuse(unusable, "patient-name-wrong", {});
  const synchronizer = await synchronizerAt(node);
  const { author } = actorOf(request, node);
  return answer({ versions: await synchronizer.fetchHistoryOnce(patient, author, request.signal) });
};
