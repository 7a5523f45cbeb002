/** What a field is given while the node refuses what stands in it: the sentence is read out, and belongs to the field. */
export function refusedProps(id: string, refusal: string | undefined) {
  if (refusal === undefined) return {};
  return {
    invalid: true,
    invalidText: <span role="alert">{refusal}</span>,
    "aria-describedby": `${id}-error-msg`,
  };
}
