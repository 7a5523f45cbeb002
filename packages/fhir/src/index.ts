export {
  type ElementDefinition,
  type ElementTable,
  type ElementType,
  elementTable,
} from "./definitions/element-table.ts";
export { patientOf } from "./definitions/patient-compartment.ts";
export { isResourceType, resourceTypes } from "./definitions/resource-types.ts";
export { type SearchParameterDefinition, searchParametersOf } from "./definitions/search-parameters.ts";
export { fhirMigrations } from "./migrations.ts";
export { FhirRefusal } from "./model/fhir-refusal.ts";
export { type Issue, operationOutcome } from "./model/issue.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./model/json-value.ts";
export { bodyBytesMax, bundleEntriesMax, nestingDepthMax, pageSizeDefault, pageSizeMax } from "./model/limits.ts";
export { digitsOf, parseLossless, stringifyLossless } from "./model/lossless-json.ts";
export { isResourceId, parseReference, type ResourceKey, referenceTo } from "./model/resource-key.ts";
export { toReadText, toStoredResource, toStoredText } from "./model/stored-text.ts";
export { createFhirApi, type FhirApi, type FhirApiOptions } from "./rest/fhir-api.ts";
export type {
  VirtualCondition,
  VirtualMatches,
  VirtualResource,
  VirtualSearch,
  VirtualType,
} from "./rest/virtual/virtual-type.ts";
export type { DateTest } from "./search/request/condition.ts";
export { parseSearchRequest } from "./search/request/parse-search-request.ts";
export { search } from "./search/search.ts";
export type { SearchResult } from "./search/search-result.ts";
export { bodyHashOf } from "./store/body-hash.ts";
export {
  bodiesOfCompartments,
  type CompartmentRecord,
  type CompartmentReference,
  type CompartmentRequest,
  countPatients,
  keysOfCompartments,
  nextPatients,
  nextPatientsHere,
  originsOfPatients,
  patientsOfRecords,
  purgeRecords,
  readCompartment,
  readRecordsOfTypes,
  referencesOfCompartments,
} from "./store/compartments.ts";
export { countRecords } from "./store/count-records.ts";
export { listCompartment } from "./store/list-compartment.ts";
export {
  listDigests,
  listDigestsOfPatients,
  listDigestsWithoutPatient,
  type RecordDigest,
} from "./store/list-digests.ts";
export {
  type LivingRecord,
  listDeletedOfPatients,
  listLivingByPatient,
  listLivingOfPatients,
  listLivingWithoutPatient,
} from "./store/list-living.ts";
export { lockRecords } from "./store/locked-records.ts";
export type { HistoryEntry, HistoryPlace, HistoryRequest } from "./store/read-history.ts";
export { findBodies, readBodyHashes, readCurrentOfMany as readCurrentVersions } from "./store/read-versions.ts";
export type {
  ApplyOutcome,
  DeleteChange,
  Expected,
  IncomingVersion,
  ResourceChange,
  SaveChange,
  WriteOutcome,
} from "./store/resource-change.ts";
export {
  type ResourceDeleted,
  type ResourceOf,
  type ResourceSaved,
  resourceDeleted,
  resourceSaved,
} from "./store/resource-events.ts";
export { ResourceStore, type ResourceStoreOptions } from "./store/resource-store.ts";
export type { ResourceOperation, StoredVersion } from "./store/stored-version.ts";
export { whichExist } from "./store/which-exist.ts";
export { validateResource } from "./validation/validate-resource.ts";
