/** A number that JavaScript would write otherwise than it was recorded: `1.00` stays `1.00`, on the page and as JSON. */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return json.rawJSON?.(this.text) ?? Number(this.text);
  }
}

/** What browsers of the last years know of JSON beyond its types here. */
const json = JSON as { readonly rawJSON?: (text: string) => unknown };

/** For `JSON.parse`: keeps the digits of each number that would lose some. An older browser tells plain numbers. */
export function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && source !== String(value) ? new Digits(source) : value;
}
