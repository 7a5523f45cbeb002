/** Where in the console a record is shown. */
export function recordPlace({ type, id }: { readonly type: string; readonly id: string }): string {
  return `/records/${type}/${encodeURIComponent(id)}`;
}
