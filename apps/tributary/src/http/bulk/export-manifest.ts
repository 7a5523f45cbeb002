import type { BulkExport } from "@tributary/sync";

/**
 * What is said of an export whose files are written; `base` is the address under which they stand.
 * See https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status
 */
export function exportManifest(
  { exportId, requestUrl, transactionTime, files, since }: BulkExport,
  base: string,
): Readonly<Record<string, unknown>> {
  const listed = (kind: "output" | "deleted") =>
    files
      .filter((file) => file.kind === kind)
      .map(({ type, name, records }) => ({ type, url: `${base}/${exportId}/${name}`, count: records }));
  return {
    transactionTime: new Date(transactionTime ?? 0).toISOString(),
    request: requestUrl,
    requiresAccessToken: true,
    output: listed("output"),
    ...(since === null ? {} : { deleted: listed("deleted") }),
    error: [],
  };
}
