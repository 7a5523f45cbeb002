import { useWords } from "../words/words.tsx";
import { usePlace } from "./location.tsx";

/** Where the node sends a browser that the site's provider did not let in. */
const signInPath = "/sign-in";
/** Where the link of the first start leads. */
const setUpPath = "/setup";

/** What somebody before the door came for, and what the node says when the site's provider did not let them in. */
export function useWayIn(): { readonly wanted: string; readonly told: string | undefined; readonly isAtDoor: boolean } {
  const { sayIfKnown } = useWords();
  const { path, search } = usePlace();
  const isAtDoor = path === signInPath || path === setUpPath;
  const refused = path === signInPath ? search.get("refused") : null;
  return {
    wanted: isAtDoor ? "/" : search.size === 0 ? path : `${path}?${search}`,
    told: refused === null ? undefined : sayIfKnown(`signIn.refused.${refused}`),
    isAtDoor,
  };
}
