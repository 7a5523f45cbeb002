const decimal = /^(-?)0*(\d+?)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * One spelling for all spellings of a decimal of the same value and precision: `10` and `1.0e1` come to the same, `1.0`
 * and `1.00` do not. See https://hl7.org/fhir/R4/datatypes.html#decimal
 */
export function canonicalDecimal(digits: string): string {
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = decimal.exec(digits) ?? [];
  const coefficient = (whole + fraction).replace(/^0+(?=\d)/, "");
  return `${/^0+$/.test(coefficient) ? "" : sign}${coefficient}e${Number(exponent) - fraction.length}`;
}
