/** What a screen is handed: the parts of its path that the route names, `{ id: "1234" }`. */
export interface ScreenProps {
  readonly parameters: Readonly<Record<string, string>>;
}
