/**
 * Keeps rendered pages that can never change, the least recently used going first, within a number of characters.
 *
 * Readers that catch up together ask for the same pages one after another.
 */
export class SealedPages {
  readonly #charactersMax: number;
  readonly #pages = new Map<string, RenderedPage>();
  #characters = 0;

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  get(key: string): RenderedPage | undefined {
    const page = this.#pages.get(key);
    if (page) {
      this.#pages.delete(key);
      this.#pages.set(key, page);
    }
    return page;
  }

  put(key: string, page: RenderedPage): void {
    const size = sizeOf(key, page);
    if (size > this.#charactersMax || this.#pages.has(key)) return;
    this.#pages.set(key, page);
    this.#characters += size;
    for (const [oldestKey, oldest] of this.#pages) {
      if (this.#characters <= this.#charactersMax) return;
      this.#pages.delete(oldestKey);
      this.#characters -= sizeOf(oldestKey, oldest);
    }
  }
}

/** A page ready to be sent. */
export interface RenderedPage {
  readonly body: string;
  readonly lastModified: number | undefined;
}

function sizeOf(key: string, page: RenderedPage): number {
  return key.length + page.body.length;
}
