/** Waits for a while; for looks at something that comes by itself, never for the thing itself. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
