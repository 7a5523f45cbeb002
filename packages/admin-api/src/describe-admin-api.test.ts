import { expect, it } from "vitest";
import { adminEndpoints } from "./admin-endpoints.ts";
import { describeAdminApi } from "./describe-admin-api.ts";

it("describes every endpoint with its parameters, its body, its answer and who may call it", () => {
  const document = describeAdminApi("1.2.3") as {
    paths: Record<string, Record<string, { "x-right": string; parameters: { name: string; in: string }[] }>>;
  };

  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  const failures = document.paths["/failures"]?.["get"];
  const discard = document.paths["/failures/{id}/discard"]?.["post"];

  expect(described.toSorted()).toEqual(Object.keys(adminEndpoints).toSorted());
  expect(failures?.parameters.map(({ name }) => name)).toEqual([
    "limit",
    "after",
    "class",
    "kind",
    "q",
    "sort",
    "order",
  ]);
  expect(failures?.["x-right"]).toBe("watch");
  expect(discard?.parameters).toMatchObject([{ name: "id", in: "path", required: true }]);
  expect(discard).toMatchObject({
    requestBody: { content: { "application/json": { schema: { required: ["reason"] } } } },
    responses: { "200": { content: { "application/json": { schema: { required: ["discarded", "references"] } } } } },
  });
  expect(document).toMatchObject({
    components: {
      schemas: { Refusal: { required: ["code", "message"], properties: { told: { required: ["key", "values"] } } } },
    },
  });
  expect(JSON.stringify(document)).not.toContain('"$schema"');
});
