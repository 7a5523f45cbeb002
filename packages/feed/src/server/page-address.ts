/** The address of page `page`, beside the address that was asked for: the same up to its last slash, no query. */
export function pageAddress(requested: URL, page: number): string {
  const path = requested.pathname.replace(/\/+$/, "");
  return `${requested.origin}${path.slice(0, path.lastIndexOf("/"))}/${page}`;
}
