import type { Conflict, ContestedElement, RecordPreview, Resolution } from "@tributary/sync";

/** A contested element for those who may not see people: which one it is and why, and nothing of what it says. */
export function withheldElement(element: ContestedElement): ContestedElement {
  const { elements, because, shown, settledBy } = element;
  return {
    path: pathWithoutValues(element.path),
    elements,
    because,
    base: undefined,
    mine: undefined,
    theirs: undefined,
    shown,
    ...(settledBy === undefined ? {} : { settledBy }),
  };
}

/** A conflict for those who may not see people; a reason may name somebody, and what was changed is a value. */
export function withheldConflict(conflict: Conflict): Conflict {
  const { resolution, undone, element, ...rest } = conflict;
  return {
    ...rest,
    element: withheldElement(element),
    ...(resolution ? { resolution: withheldResolution(resolution) } : {}),
    ...(undone ? { undone: { ...undone, reason: "" } } : {}),
  };
}

function withheldResolution({ at, by, node, choice, version }: Resolution): Resolution {
  return { at, by, node, choice, version, reason: "" };
}

/** A preview for those who may not see people. */
export function withheldPreview(preview: RecordPreview): RecordPreview {
  const bare = (changes: RecordPreview["changesHere"]) =>
    changes.map(({ path }) => ({ path: pathWithoutValues(path), before: undefined, after: undefined }));
  return {
    ...preview,
    changesHere: bare(preview.changesHere),
    changesThere: bare(preview.changesThere),
    conflicts: preview.conflicts.map(withheldElement),
  };
}

/** An item of a list is told by what is in it: `Patient.identifier.where(value='…')` becomes `Patient.identifier`. */
export function pathWithoutValues(path: string): string {
  const names = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*/.exec(path)?.[0] ?? "";
  return names.replace(/\.where$/, "");
}
