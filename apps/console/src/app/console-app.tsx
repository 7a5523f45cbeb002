import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RequestFailed } from "../api/request-failed.ts";
import { WordsProvider } from "../words/words.tsx";
import { AppearanceProvider } from "./appearance.tsx";
import { SessionGate } from "./session.tsx";
import { Shell } from "./shell.tsx";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused stays refused; only a line that failed is worth another try.
      retry: (tries, error) => tries < 2 && !(error instanceof RequestFailed && error.status < 500),
    },
  },
});

/** The whole console: language, appearance and data around the gate that lets nobody in without a session. */
export function ConsoleApp() {
  return (
    <QueryClientProvider client={queryClient}>
      <WordsProvider>
        <AppearanceProvider>
          <SessionGate>
            <Shell />
          </SessionGate>
        </AppearanceProvider>
      </WordsProvider>
    </QueryClientProvider>
  );
}
