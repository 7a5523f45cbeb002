import type { StructureDefinition } from "@medplum/fhirtypes";

/**
 * For each resource type: the elements of its summary as paths below the type, those of its own children included; `!`
 * marks those that change the meaning of the others.
 */
export function makeSummaryElements(structures: readonly StructureDefinition[]): Record<string, string> {
  const byType: Record<string, string> = {};
  for (const { kind, abstract, type, snapshot } of structures) {
    if (kind !== "resource" || abstract) continue;
    const isMarked = (path: string) => !path.endsWith(".modifierExtension") && path !== type;
    const marked = snapshot!.element.filter((element) => element.isSummary && isMarked(element.path));
    byType[type!] = marked
      .map(({ path, isModifier }) => `${path.slice(type!.length + 1).replace("[x]", "")}${isModifier ? "!" : ""}`)
      .join(" ");
  }
  return byType;
}
