// Every question the workbench asks the office, one function each. Not here: caching (TanStack Query) and words.
import { call } from "./http";
import type {
  Case, CaseDetail, Colleague, Decision, Finding, Me, Preview, Queue, SupplementReasons,
} from "./types";

/** What of the queue is wanted. */
export interface QueueWish {
  branch: string;
  station: string;
  status: string;
  whose: "all" | "mine" | "free";
  q: string;
  sort: "deadline" | "arrival" | "service";
  closed: boolean;
}

const MOST = 500;

const withCode = (code: string): { code?: string } => (code === "" ? {} : { code });
export const signIn = (officer: string, password: string, code: string): Promise<Me> =>
  call("POST", "/v1/session", { officer, password, ...withCode(code) });
export const signOut = (): Promise<void> => call("DELETE", "/v1/session");
export const changePassword = (old: string, fresh: string, code: string): Promise<Me> =>
  call("POST", "/v1/session/password", { old, new: fresh, ...withCode(code) });
/** Also the sign that somebody is at the desk: it keeps the session. */
export const me = (): Promise<Me> => call("GET", "/v1/me");

export function queue(wish: QueueWish, signal?: AbortSignal): Promise<Queue> {
  const query = new URLSearchParams();
  for (const name of ["branch", "station", "status", "q"] as const) if (wish[name] !== "") query.set(name, wish[name]);
  query.set("whose", wish.whose);
  query.set("sort", wish.sort);
  if (wish.closed) query.set("closed", "true");
  query.set("most", String(MOST));
  return call("GET", `/v1/queue?${query.toString()}`, undefined, { signal, background: true });
}

const at = (id: string, rest = ""): string => `/v1/cases/${encodeURIComponent(id)}${rest}`;

export const claimNext = (branches?: string[]): Promise<Case> => call("POST", "/v1/queue/claim-next", branches ? { branches } : {});
export const detail = (id: string, reason: string | null, signal?: AbortSignal): Promise<CaseDetail> =>
  call("GET", at(id, reason === null ? "" : `?${new URLSearchParams({ reason }).toString()}`), undefined, { signal, background: true });
export const claim = (id: string): Promise<Case> => call("POST", at(id, "/claim"));
export const renew = (id: string, claim_epoch: number): Promise<Case> => call("POST", at(id, "/renew"), { claim_epoch }, { background: true });
export const release = (id: string, claim_epoch: number): Promise<Case> => call("POST", at(id, "/release"), { claim_epoch });
export const assign = (id: string, officer: string): Promise<Case> => call("POST", at(id, "/assign"), { officer });
export const colleagues = (id: string): Promise<{ officers: Colleague[] }> => call("GET", at(id, "/colleagues"));
export const tickPaper = (id: string, key: string, claim_epoch: number, checked: boolean): Promise<CaseDetail> =>
  call("POST", at(id, `/papers/${encodeURIComponent(key)}/checked`), { claim_epoch, checked });
export const tickCheck = (id: string, check: string, claim_epoch: number, done: boolean): Promise<CaseDetail> =>
  call("POST", at(id, `/checks/${encodeURIComponent(check)}`), { claim_epoch, done });
export const confirmPerson = (id: string, claim_epoch: number, finding: Finding): Promise<CaseDetail> =>
  call("POST", at(id, "/person"), { claim_epoch, finding });
export const fullNumber = (id: string): Promise<{ number: string }> => call("POST", at(id, "/full-number"));
export const supplementReasons = (id: string): Promise<SupplementReasons> => call("GET", at(id, "/supplement-reasons"));
export const preview = (id: string, decision: Decision): Promise<Preview> => call("POST", at(id, "/preview"), { decision });
export const decide = (id: string, claim_epoch: number, version: number, decision: Decision, note: string): Promise<Case> =>
  call("POST", at(id, "/decide"), { claim_epoch, version, decision, ...(note.trim() === "" ? {} : { note }) });

/** Where a picture of a case is read. */
export const pictureAddress = (id: string, attachment: string): string => at(id, `/attachments/${encodeURIComponent(attachment)}`);
