// Openings: a service filled at the counter, new or from a half-done visit. Shapes and questions, one function each.
// The office evaluates every answer; nothing here knows a rule.
import { call } from "./http";
import type { Case, Moment, Page } from "./types";

/** A service this officer may take in. */
export interface ServiceRow {
  id: string;
  title: string;
  branch: string;
  branch_name: string;
  category_name: string;
  about: string;
}

/** One of this officer's unfinished openings. */
export interface OpeningRow {
  id: string;
  code: string;
  service: string;
  title: string;
  from: "kiosk" | "counter";
  begun_at: Moment;
  applicant: string | null;
  last_step: string | null;
}

export type FieldKind = "text" | "person-name" | "id-number" | "phone" | "date" | "choice" | "address" | "declaration" | "signature";

export interface OpeningField {
  id: string;
  label: string;
  help: string | null;
  kind: FieldKind;
  choices: { value: string; label: string }[] | null;
  /** Several options may be chosen; the value joins them by commas. */
  multiple: boolean;
  /** A declaration made is `yes`; a signature is `signed` at the kiosk, `shown` on paper, or `cannot-sign`. */
  value: string | null;
  required: boolean;
  /** The registry's own: shown, not to be changed. */
  locked: boolean;
  /** What is wrong with the value, in words; the value is kept all the same. */
  error: string | null;
  /** The person answered this at the kiosk. */
  from_visit: boolean;
}

export interface OpeningStep {
  id: string;
  title: string;
  done: boolean;
  fields: OpeningField[];
}

export type PaperState = "missing" | "scanned" | "shown" | "later";

/** A paper; the key is a material's id, or `field:<id>` for portrait and signature. */
export interface OpeningPaper {
  key: string;
  title: string;
  state: PaperState;
  may_be_later: boolean;
  /** Pages may be scanned; else only the original is looked at. */
  may_be_scanned: boolean;
  /** The officer has seen the original; there may be pages besides. */
  seen: boolean;
  pages: number;
  /** The same pages, to be looked at. */
  pages_list: Page[];
  help: string | null;
}

export interface Opening {
  id: string;
  code: string;
  from: "kiosk" | "counter";
  from_words: string;
  begun_at: Moment;
  /** Counts up with every write; a write on an older one is refused. */
  version: number;
  service: { id: string; title: string; branch: string; branch_name: string; fee_words: string | null; statutory_words: string | null };
  verdict: { kind: "yes" | "no" | "officer"; words: string } | null;
  steps: OpeningStep[];
  papers: OpeningPaper[];
  /** Pictures of the person from the machine. */
  card_photo: Page | null;
  live_photo: Page | null;
  /** What still forbids submitting, in words. */
  missing: string[];
  may_submit: boolean;
}

/** Largest file of one page, bytes. */
export const LARGEST_FILE = 8 * 1024 * 1024;
export const FILE_TYPES = ["image/jpeg", "image/png", "application/pdf"] as const;

const at = (id: string, rest = ""): string => `/v1/openings/${encodeURIComponent(id)}${rest}`;

/** A page or picture; each look is written down by the office. */
export const pageAddress = (id: string, attachment: string): string => at(id, `/attachments/${encodeURIComponent(attachment)}`);
/** `q`: words, pinyin or initials. */
export const services = (q: string, signal?: AbortSignal): Promise<{ services: ServiceRow[] }> =>
  call("GET", `/v1/services?${new URLSearchParams({ q }).toString()}`, undefined, { signal });
export const mine = (signal?: AbortSignal): Promise<{ openings: OpeningRow[] }> => call("GET", "/v1/openings", undefined, { signal });
export const begin = (service: string): Promise<Opening> => call("POST", "/v1/openings", { service });
/** One scan of the slip. Problems: `unknown-code`, `already-a-case` {case}, `in-other-hands` {holder_name}. */
export const byCode = (code: string): Promise<Opening> => call("POST", "/v1/openings/by-code", { code });
export const read = (id: string, signal?: AbortSignal): Promise<Opening> => call("GET", at(id), undefined, { signal });
/** Problem: `version-conflict`. */
export const answer = (id: string, version: number, answers: Record<string, string | null>): Promise<Opening> =>
  call("POST", at(id, "/answers"), { version, answers });
export const markPaper = (id: string, key: string, version: number, state: "shown" | "later" | "none"): Promise<Opening> =>
  call("POST", at(id, `/papers/${encodeURIComponent(key)}`), { version, state });
/** One page as a file. */
export const sendPage = (id: string, key: string, version: number, file: Blob): Promise<Opening> =>
  call("POST", at(id, `/papers/${encodeURIComponent(key)}`), undefined, { file, version });
/** Problem: `opening-incomplete` {why}. The case comes back claimed. */
export const submit = (id: string, version: number): Promise<Case> => call("POST", at(id, "/submit"), { version });
export const giveUp = (id: string): Promise<void> => call("DELETE", at(id));
