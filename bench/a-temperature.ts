/** What all measured temperatures have in common, as a clinic's forms write it. */
export const aTemperature = {
  resourceType: "Observation",
  status: "final",
  category: [
    {
      coding: [
        {
          system: "http://terminology.hl7.org/CodeSystem/observation-category",
          code: "vital-signs",
          display: "Vital Signs",
        },
      ],
    },
  ],
  code: {
    coding: [{ system: "http://loinc.org", code: "8310-5", display: "Body temperature" }],
    text: "Body temperature",
  },
} as const;
