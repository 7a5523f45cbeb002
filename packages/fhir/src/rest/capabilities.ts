import type { HttpResponse } from "@tributary/kernel";
import { resourceTypes } from "../definitions/resource-types.ts";
import { searchParametersOf } from "../definitions/search-parameters.ts";
import { builtInParameters, typeIndexOf } from "../search/parameter/search-parameter.ts";
import { answer } from "./answers.ts";
import type { FhirNode, FhirRequest, TypeOperation } from "./fhir-request.ts";
import type { VirtualType } from "./virtual/virtual-type.ts";

/** Says what this server can do. See https://hl7.org/fhir/R4/capabilitystatement.html */
export async function readCapabilities(
  { software, startedAt, virtualTypes, operations }: FhirNode,
  { base }: FhirRequest,
): Promise<HttpResponse> {
  typeTexts ??= resourceTypes.map((type) => [type, JSON.stringify(typeCapabilities(type))]);
  const types = typeTexts.map(([type, text]) => {
    const virtual = virtualTypes[type];
    if (virtual) return JSON.stringify(virtualCapabilities(type, virtual));
    const more = operations.filter((operation) => operation.type === type);
    return more.length === 0 ? text : withOperations(text, more);
  });
  const statement = {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date(startedAt).toISOString(),
    kind: "instance",
    software,
    implementation: { description: `The FHIR R4 API of ${software.name}`, url: base },
    ...(operations.length > 0 && { instantiates: [...new Set(operations.map(({ guide }) => guide))] }),
    fhirVersion: "4.0.1",
    format: ["json"],
    patchFormat: ["application/json-patch+json"],
    rest: [],
  };
  const rest = JSON.stringify({
    mode: "server",
    documentation:
      "Bodies are kept as they are received. A PUT with the content that is current makes no new version. " +
      "An invalid structure is refused with 400, content that breaks a rule of FHIR with 422.",
    resource: [],
    interaction: ["transaction", "batch", "history-system"].map((code) => ({ code })),
  });
  const text = JSON.stringify(statement);
  return answer(
    200,
    text.replace(
      '"rest":[]',
      () => `"rest":[${rest.replace('"resource":[]', () => `"resource":[${types.join(",")}]`)}]`,
    ),
  );
}

function withOperations(text: string, operations: readonly TypeOperation[]): string {
  const capabilities = JSON.parse(text) as ReturnType<typeof typeCapabilities>;
  const more = operations.map(({ name, definition }) => ({ name, definition }));
  return JSON.stringify({ ...capabilities, operation: [...capabilities.operation, ...more] });
}

/** The part about the resource types is the same in every answer; it is made when it is first asked for. */
let typeTexts: (readonly [type: string, text: string])[] | undefined;

const interactions = [
  "read",
  "vread",
  "update",
  "patch",
  "delete",
  "history-instance",
  "history-type",
  "create",
  "search-type",
].map((code) => ({ code }));

/** What is made when it is asked for can be read and searched, and nothing else. */
function virtualCapabilities(type: string, { parameters, whyReadOnly }: VirtualType) {
  const definitions = new Map(searchParametersOf(type).map((one) => [one.code, one]));
  return {
    type,
    documentation: whyReadOnly,
    interaction: ["read", "vread", "search-type"].map((code) => ({ code })),
    versioning: "versioned",
    searchParam: parameters.map(({ code, documentation }) => ({
      name: code,
      definition: definitions.get(code)?.url,
      type: definitions.get(code)?.type,
      ...(documentation === undefined ? {} : { documentation }),
    })),
  };
}

function typeCapabilities(type: string) {
  const { parameters } = typeIndexOf(type);
  const supported = searchParametersOf(type).filter(({ code }) => builtInParameters.has(code) || parameters.has(code));
  const references = supported.filter((parameter) => parameter.type === "reference");
  return {
    type,
    interaction: interactions,
    versioning: "versioned-update",
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: "full-support",
    conditionalUpdate: true,
    conditionalDelete: "single",
    referencePolicy: ["literal", "logical", "local"],
    ...(references.length > 0 && { searchInclude: references.map(({ code }) => `${type}:${code}`) }),
    searchParam: supported.map(({ code, type: kind, url }) => ({ name: code, definition: url, type: kind })),
    operation: [{ name: "validate", definition: "http://hl7.org/fhir/OperationDefinition/Resource-validate" }],
  };
}
