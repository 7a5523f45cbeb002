import { useSyncExternalStore } from "react";

/** Often enough for texts in minutes. */
const tickMs = 10_000;
const listeners = new Set<() => void>();
let now = Date.now();

setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, tickMs);

/** The present time in milliseconds since 1970, which moves on every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}
