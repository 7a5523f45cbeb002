import { type ComponentType, useEffect, useState } from "react";
import type { ScreenProps } from "./screen-props.ts";

type ScreenComponent = ComponentType<ScreenProps>;

/**
 * The program of one screen, fetched when the screen is first opened. React's own `lazy` holds what it fetched back for a
 * third of a second, lest pictures of waiting flicker; that is most of the time in which a screen has to be there.
 */
export interface ScreenProgram {
  /** The screen, once it was fetched. */
  readonly fetched: () => ScreenComponent | undefined;
  readonly fetch: () => Promise<ScreenComponent>;
}

/** The program that `load` fetches, by the name under which its file exports the screen. */
export function screenProgram<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ScreenComponent>>>,
  name: Name,
): ScreenProgram {
  let fetched: ScreenComponent | undefined;
  return {
    fetched: () => fetched,
    fetch: async () => {
      fetched ??= (await load())[name];
      return fetched;
    },
  };
}

/** A screen, `undefined` while it is fetched; throws while drawing when it cannot be had. */
export function useScreenProgram(program: ScreenProgram): ScreenComponent | undefined {
  const [told, tell] = useState<{ readonly of: ScreenProgram; readonly failed?: unknown }>();
  useEffect(() => {
    if (program.fetched()) return;
    program.fetch().then(
      () => tell({ of: program }),
      (failed: unknown) => tell({ of: program, failed }),
    );
  }, [program]);
  if (told?.of === program && told.failed !== undefined) throw told.failed;
  return program.fetched();
}
