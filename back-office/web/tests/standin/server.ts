// The stand-in's HTTP side: routes of the officers' API, the built page with the office's strict policy, the event stream.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { Decision, Finding } from "../../src/api/types";
import { OFFICERS } from "./cases";
import { preview, REASONS } from "./letters";
import { BOARD, COPY_AID, ratings, volumes } from "./counter";
import { No } from "./no";
import { PASSWORD, StandinOffice } from "./office";
import { pdf } from "./paper";
import { picture } from "./pictures";

const DIST = new URL("../../dist", import.meta.url).pathname;
const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
type Body = Record<string, unknown>;

async function read(request: IncomingMessage): Promise<Body> {
  // A page of a paper is a file; its bytes are of no use here.
  if (!(request.headers["content-type"] ?? "application/json").startsWith("application/json")) {
    for await (const part of request) void part;
    return { version: request.headers["x-yimen-version"], state: "scanned" };
  }
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function answer(response: ServerResponse, status: number, value?: unknown, more: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": status >= 400 ? "application/problem+json" : "application/json", "cache-control": "no-store", ...more });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

function page(response: ServerResponse, path: string): void {
  const file = normalize(join(DIST, path === "/" ? "index.html" : path));
  if (!file.startsWith(DIST) || !existsSync(file)) return answer(response, 404);
  const nonce = randomBytes(16).toString("base64");
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const policy = `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const body = readFileSync(file);
  // A thread takes its policy from its own script.
  response.writeHead(200, { "content-type": type, "content-security-policy": type.startsWith("text/html") ? policy : "default-src 'none'; script-src 'self'; frame-ancestors 'none'" });
  response.end(type.startsWith("text/html") ? body.toString().replaceAll("{{nonce}}", nonce) : body);
}

function stream(office: StandinOffice, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (): void => void response.write(`event: queue\ndata: {"version":${office.version}}\n\n`);
  tell();
  office.listeners.add(tell);
  response.on("close", () => office.listeners.delete(tell));
}

function onCase(office: StandinOffice, officer: string, method: string, id: string, rest: string[], query: URLSearchParams, body: Body): unknown {
  const [what, key] = rest;
  const epoch = body["claim_epoch"];
  if (what === undefined) return office.detail(id, officer, query.get("reason"));
  if (method === "GET") {
    if (what === "colleagues") return { officers: OFFICERS.filter((one) => one.id !== officer) };
    if (what === "supplement-reasons") return REASONS;
    if (what === "copy-aid") {
      office.counter.copies += 1;
      return COPY_AID;
    }
    throw new No(404, "not-found");
  }
  switch (what) {
    case "claim":
      return office.claim(id, officer);
    case "renew":
      return office.renew(id, officer, epoch);
    case "release":
      return office.release(id, officer, epoch);
    case "assign":
      return office.assign(id, String(body["officer"]));
    case "ticket": {
      const drawn = office.counter.draw(office.find(id));
      office.put(id, { ticket: drawn.number });
      return drawn;
    }
    case "issue": {
      const issued = office.counter.issue(office.find(id), epoch, body["ministry_number"]);
      office.changed();
      return issued;
    }
    case "full-number":
      return { number: "330802199405211528" };
    case "preview":
      return preview(office.find(id), body["decision"] as Decision);
    case "decide":
      return office.decide(id, officer, epoch, body["version"], body["decision"] as Decision);
    default:
      return tick(office, officer, id, what, key, epoch, body);
  }
}

function tick(office: StandinOffice, officer: string, id: string, what: string, key: string | undefined, epoch: unknown, body: Body): unknown {
  const one = office.mine(id, officer, epoch);
  const detail = office.detail(id, officer, "tick");
  const stamp = { officer_name: one.holder_name ?? "", at: new Date().toISOString() };
  if (what === "papers") {
    const papers = detail.papers.map((paper) => (paper.key !== key ? paper : body["checked"] === true ? { ...paper, level: "B" as const, level_word: "已核原件", checked: stamp } : { ...paper, level: "C" as const, level_word: "上传 · 须核原件", checked: null }));
    office.details.set(id, { ...detail, papers });
  } else if (what === "checks") {
    office.details.set(id, { ...detail, checks: detail.checks.map((check) => (check.id === key ? { ...check, done: body["done"] === true ? stamp : null } : check)) });
  } else if (what === "person") {
    office.details.set(id, { ...detail, person: { ...detail.person, confirmed: { finding: body["finding"] as Finding, ...stamp } } });
  } else throw new No(404, "not-found");
  office.put(id, { version: one.version + 1 });
  return office.detail(id, officer, "tick");
}

function onOpening(office: StandinOffice, officer: string, method: string, path: string[], body: Body): unknown {
  const { openings } = office;
  const [id, what, key] = path;
  if (id === undefined) return method === "GET" ? openings.mine(officer) : openings.begin(officer, String(body["service"]));
  if (id === "by-code") return openings.byCode(officer, String(body["code"]));
  if (method === "GET") return openings.read(officer, id);
  if (method === "DELETE") return openings.giveUp(officer, id);
  if (what === "answers") return openings.answer(officer, id, body["version"], body["answers"] as Record<string, string | null>);
  if (what === "papers") return openings.paper(officer, id, key ?? "", body["version"], body["state"] as "shown");
  if (what === "submit") return openings.submit(officer, id, body["version"]);
  throw new No(404, "not-found");
}

async function route(office: StandinOffice, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://office");
  const method = request.method ?? "GET";
  if (!url.pathname.startsWith("/v1/")) return page(response, url.pathname);
  office.seen.push(`${method} ${url.pathname}`);
  if (office.down) return void request.socket.destroy();
  if (office.latency > 0) await new Promise((done) => setTimeout(done, office.latency));
  const body = await read(request);
  const token = /session=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const officer = office.sessions.get(token);
  if (method !== "GET" && request.headers["x-yimen"] !== "1") throw new No(403, "forged");
  const path = url.pathname.split("/").slice(2).map(decodeURIComponent);
  if (path[0] === "session" && method === "POST" && path[1] === undefined) {
    const me = office.signIn(String(body["officer"]), String(body["password"]));
    const fresh = randomBytes(12).toString("hex");
    office.sessions.set(fresh, me.id);
    return answer(response, 200, me, { "set-cookie": `session=${fresh}; HttpOnly; SameSite=Strict; Path=/` });
  }
  if (path[0] === "session" && path[1] === "ways") return answer(response, 200, { passkey_origin: null, provider: null, demo: true });
  if (officer === undefined) throw new No(401, "not-signed-in");
  if (path[0] === "session" && method === "DELETE") {
    office.sessions.delete(token);
    return answer(response, 204);
  }
  if (path[0] === "session") {
    if (body["old"] !== PASSWORD) throw new No(401, "sign-in-refused");
    office.oneTime.delete(officer);
    return answer(response, 200, office.me(officer));
  }
  if (path[0] === "me") return answer(response, 200, office.me(officer));
  if (office.oneTime.has(officer)) throw new No(403, "password-change-needed");
  if (path[0] === "events") return stream(office, response);
  if (path[0] === "services") return answer(response, 200, office.openings.search(url.searchParams.get("q") ?? ""));
  if (path[0] === "cases" && path[2] === "attachments" && (path[3] ?? "").endsWith(".pdf")) {
    response.writeHead(200, { "content-type": "application/pdf", "cache-control": "no-store" });
    return void response.end(pdf("Proof of residence", 3));
  }
  if ((path[0] === "cases" || path[0] === "openings") && path[2] === "attachments") {
    const drawn = picture(path[3] ?? "");
    if (drawn === null) throw new No(404, "not-found");
    response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "no-store" });
    return void response.end(drawn);
  }
  if (path[0] === "openings") return answer(response, method === "DELETE" ? 204 : 200, onOpening(office, officer, method, path.slice(1), body));
  if (path[0] === "queue") return answer(response, 200, method === "GET" ? office.queue(officer, url.searchParams) : office.claimNext(officer, body["branches"] as string[] | undefined));
  if (path[0] === "tickets" || path[0] === "collections" || path[0] === "report") return beside(office, method, path, url.searchParams, body, response);
  if (path[0] === "cases") return answer(response, 200, onCase(office, officer, method, path[1] ?? "", path.slice(2), url.searchParams, body));
  throw new No(404, "not-found");
}

/** Numbers, desk, figures. */
function beside(office: StandinOffice, method: string, path: string[], query: URLSearchParams, body: Body, response: ServerResponse): void {
  const [kind, name = "", what = ""] = path;
  const { counter } = office;
  if (kind === "report") {
    const [from, until] = [query.get("from") ?? "2026-01-01", query.get("until") ?? "2026-11-22"];
    if (name === "board") return answer(response, 200, BOARD);
    if (name === "volume") return answer(response, 200, volumes(from, until));
    if (name === "ratings") return answer(response, 200, ratings(from, until));
    response.writeHead(200, { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="volume-${from}-${until}.csv"` });
    return void response.end("\ufeff事项,本期\r\n");
  }
  if (kind === "tickets") {
    if (method === "GET") return answer(response, 200, counter.list());
    const stepped = name === "call-next" ? counter.step("call-next", "call", body["window"]) : counter.step(name, what, body["window"]);
    office.changed();
    return answer(response, 200, stepped);
  }
  if (what === "paper") {
    response.writeHead(200, { "content-type": "application/pdf", "cache-control": "no-store" });
    return void response.end(pdf("Certificate", 1));
  }
  if (method === "GET") return answer(response, 200, counter.desk(query.get("q") ?? ""));
  const left = counter.leave(name, what, body);
  office.changed();
  return answer(response, 200, left);
}

/** Starts the stand-in on loopback; port 0 takes a free one. */
export function serve(office: StandinOffice, port: number): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    route(office, request, response).catch((error: unknown) => {
      if (error instanceof No) answer(response, error.status, { type: `https://yimen.example/problems/${error.kind}`, title: error.kind, status: error.status, retry: "never", ...error.more });
      else answer(response, 500, { type: "https://yimen.example/problems/overloaded", status: 500, retry: "later", detail: String(error) });
    });
  });
  return new Promise((done) => {
    server.listen(port, "127.0.0.1", () => {
      const at = server.address();
      done({ server, address: `http://127.0.0.1:${typeof at === "object" && at ? at.port : port}` });
    });
  });
}
