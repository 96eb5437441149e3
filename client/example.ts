/**
 * Log in, refresh, list, create, publish and track with the typed client.
 *
 * Start a stage with `make up` and generate the types with `make client`. Then run
 * `OWNER_EMAIL=… OWNER_PASSWORD=… node client/example.ts` (Node 24). `API_URL` selects another
 * stage.
 */

import process from "node:process";

import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./generated/schema.ts";

type Schemas = components["schemas"];
type Answer<Data> = { data?: Data; error?: { message: string }; response: Response };

const api = createClient<paths>({ baseUrl: process.env["API_URL"] ?? "http://localhost:8000" });

/** Return the data of an answer, or throw the API's message. */
function read<Data>({ data, error, response }: Answer<Data>): NonNullable<Data> {
  if (data === undefined || data === null) {
    throw new Error(`${response.url}: ${response.status} ${error?.message ?? "without data"}`);
  }
  return data;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`Set ${name} to the owner's, then try again.`);
  }
  return value;
}

/** Log in and refresh; later calls send the new ID token. */
async function logIn(): Promise<Schemas["Session"]> {
  const body = { email: variable("OWNER_EMAIL"), password: variable("OWNER_PASSWORD") };
  const { refresh_token } = read(await api.POST("/auth/login", { body }));
  const session = read(await api.POST("/auth/refresh", { body: { refresh_token } }));
  const sendToken: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${session.id_token}`);
    },
  };
  api.use(sendToken);
  return session;
}

async function publishPost(): Promise<Schemas["Post"]> {
  const body = { title: "Typed from end to end", content: "Made by an example.", tags: ["types"] };
  const draft = read(await api.POST("/blogs", { body }));
  const params = { path: { id: draft.id } };
  return read(await api.POST("/blogs/{id}/publish", { params }));
}

/** List the posts of a tag, page by page. */
async function listTitles(tag: string): Promise<string[]> {
  const titles: string[] = [];
  for (let total = 1; titles.length < total; ) {
    const query = { tag, limit: 50, offset: titles.length };
    const page = read(await api.GET("/blogs", { params: { query } }));
    titles.push(...page.items.map((post) => post.title));
    total = page.count === 0 ? 0 : page.total;
  }
  return titles;
}

async function track(id: string): Promise<void> {
  const visit = read(await api.POST("/visitors/track", { body: { page_path: "/example" } }));
  const params = { path: { type: "blog", id } } as const;
  const view = read(await api.POST("/analytics/track/{type}/{id}", { params }));
  console.log(`${visit.count} visits, ${view.views} views of the post`);
}

const session = await logIn();
console.log(`logged in for ${session.expires_in} s`);
const post = await publishPost();
try {
  console.log(`published /blogs/slug/${post.slug}: ${post.readTime}`);
  console.log(`posts with its tag: ${(await listTitles("types")).join(", ")}`);
  await track(post.id);
} finally {
  await api.DELETE("/blogs/{id}", { params: { path: { id: post.id } } });
}
