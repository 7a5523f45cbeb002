import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** The topics of the node's server-sent events, and the answers that each outdates. */
const outdatedBy = {
  network: ["/network", "/feeds"],
  status: ["/status", "/failures", "/conflicts", "/traffic"],
  alerts: ["/alerts"],
} as const;

/** Listens to the node while the console is open, and has answers asked for again when they changed. Tells whether it hears. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [hears, setHears] = useState(false);
  useEffect(() => {
    const source = new EventSource("/admin/v1/events");
    source.onopen = () => setHears(true);
    source.onerror = () => setHears(false);
    for (const [topic, starts] of Object.entries(outdatedBy)) {
      source.addEventListener(topic, () => {
        void queries.invalidateQueries({
          predicate: ({ queryKey: [path] }) => starts.some((start) => String(path).startsWith(start)),
        });
      });
    }
    return () => source.close();
  }, [queries]);
  return hears;
}
