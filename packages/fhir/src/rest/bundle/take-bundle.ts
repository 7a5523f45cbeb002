import type { HttpResponse } from "@tributary/kernel";
import { takeBundleApart } from "../../model/bundle-text.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import type { FhirNode, FhirRequest } from "../fhir-request.ts";
import { refuseOtherBodies } from "../media-types.ts";
import { answerBatch } from "./batch.ts";
import { answerTransaction } from "./transaction.ts";

/** Does what the entries of a Bundle ask for. See https://hl7.org/fhir/R4/http.html#transaction */
export async function takeBundle(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  refuseOtherBodies(request.headers["content-type"]);
  const bundle = takeBundleApart(request.body);
  if (bundle.type === "transaction") return answerTransaction(node, request, bundle);
  if (bundle.type === "batch") return answerBatch(node, request, bundle);
  const reason = "Only a Bundle of type batch or transaction can be sent to the base address.";
  throw refusal(400, "value", reason, "Bundle.type");
}
