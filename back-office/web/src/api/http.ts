// One door for every request: same origin, cookie, the header against forged writes, problems as `Problem`.
// Not here: what is asked (`office.ts`) and what is shown.
import { isKind, Problem, problemFrom } from "./problem";

type Method = "GET" | "POST" | "DELETE";

export interface More {
  signal?: AbortSignal;
  /** The page asks by itself: the office does not take it as a sign that somebody is there. */
  background?: true;
  /** Sent as it is instead of JSON, on this version. */
  file?: Blob;
  version?: number;
}

let onSessionEnd: (why: string | null) => void = () => undefined;
let askProof: () => Promise<boolean> = () => Promise.resolve(false);
let asking: Promise<boolean> | null = null;

/** Who hears that the session ended while somebody was working, and why where the office says so. */
export function whenSessionEnds(hear: (why: string | null) => void): void {
  onSessionEnd = hear;
}

/** Who asks the person to prove again who they are; gives whether they did. */
export function whenProofNeeded(ask: () => Promise<boolean>): void {
  askProof = ask;
}

/**
 * Sends one request; where the office first wants a fresh proof of who is there, the person is asked and the same is sent again.
 * Throws `Problem` for everything that is not a success.
 */
export async function call<Answer>(method: Method, path: string, body?: unknown, more: More = {}): Promise<Answer> {
  try {
    return await send<Answer>(method, path, body, more);
  } catch (problem) {
    if (!isKind(problem, "prove-again")) throw problem;
    // Several requests wait for the one dialog.
    asking ??= askProof().finally(() => (asking = null));
    if (!(await asking)) throw problem;
    return send<Answer>(method, path, body, more);
  }
}

async function send<Answer>(method: Method, path: string, body?: unknown, more: More = {}): Promise<Answer> {
  const { signal, background, file, version } = more;
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") {
    headers["content-type"] = file?.type ?? "application/json";
    headers["x-yimen"] = "1";
  }
  if (background) headers["x-yimen-background"] = "1";
  if (version !== undefined) headers["x-yimen-version"] = String(version);
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      body: method === "GET" ? undefined : (file ?? JSON.stringify(body ?? {})),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "unreachable", null);
  }
  const text = await answer.text().catch(() => "");
  const value = parsed(text);
  if (answer.ok) return value as Answer;
  const problem = problemFrom(answer.status, value);
  if (answer.status === 401 && problem.kind === "not-signed-in" && !path.startsWith("/v1/session") && path !== "/v1/me") onSessionEnd(problem.text("ended"));
  throw problem;
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
