import { expect, it } from "vitest";
import * as z from "zod";
import { type AdminEndpoint, adminEndpoints, endpointOf } from "./admin-endpoints.ts";

const lists = (Object.keys(adminEndpoints) as AdminEndpoint[]).filter((name) => {
  const { answer } = endpointOf(name);
  return answer instanceof z.ZodObject && "next" in answer.shape;
});

it("has lists", () => {
  expect(lists.length).toBeGreaterThan(15);
});

it.each(lists)("%s is told page by page, either way", (name) => {
  const { query } = endpointOf(name);

  expect(query).toBeInstanceOf(z.ZodObject);
  expect(Object.keys((query as z.ZodObject).shape)).toEqual(expect.arrayContaining(["limit", "after", "order"]));
});
