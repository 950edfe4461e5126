// What the pages beside the workbench ask the office: numbers, issuing, collection, figures. One function each.
import type { Board, Collection, CopyAid, Desk, RatingReport, Ticket, Tickets, Volumes } from "./counter-types";
import { call } from "./http";
import type { Day } from "./types";

const background = (signal?: AbortSignal): { signal?: AbortSignal; background: true } => ({ signal, background: true });
const within = (from: Day, until: Day): string => new URLSearchParams({ from, until }).toString();

export const tickets = (signal?: AbortSignal): Promise<Tickets> => call("GET", "/v1/tickets", undefined, background(signal));
export const callNext = (window: string): Promise<Ticket> => call("POST", "/v1/tickets/call-next", { window });
const step = (number: string, what: string, body: unknown): Promise<Ticket> => call("POST", `/v1/tickets/${encodeURIComponent(number)}/${what}`, body);
export const callNumber = (number: string, window: string): Promise<Ticket> => step(number, "call", { window });
export const recall = (number: string, window: string): Promise<Ticket> => step(number, "recall", { window });
export const noShow = (number: string): Promise<Ticket> => step(number, "no-show", {});
export const served = (number: string, window: string): Promise<Ticket> => step(number, "served", { window });
export const drawNumber = (caseId: string): Promise<Ticket> => call("POST", `/v1/cases/${encodeURIComponent(caseId)}/ticket`);

export const desk = (q: string, signal?: AbortSignal): Promise<Desk> =>
  call("GET", `/v1/collections${q === "" ? "" : `?${new URLSearchParams({ q }).toString()}`}`, undefined, background(signal));
/** The fields of a person in the ministry's order; written down by the office. */
export const copyAid = (caseId: string, signal?: AbortSignal): Promise<CopyAid> =>
  call("GET", `/v1/cases/${encodeURIComponent(caseId)}/copy-aid`, undefined, { signal });
export const issue = (caseId: string, claim_epoch: number, ministry_number: string | null): Promise<Collection> =>
  call("POST", `/v1/cases/${encodeURIComponent(caseId)}/issue`, { claim_epoch, ...(ministry_number === null ? {} : { ministry_number }) });
const collection = (id: string, what: string, body: unknown): Promise<Collection> => call("POST", `/v1/collections/${encodeURIComponent(id)}/${what}`, body);
export const collected = (id: string, by: "own" | "proxy", proxy_note: string): Promise<Collection> =>
  collection(id, "collected", { identity_checked: true, by, ...(by === "proxy" ? { proxy_note } : {}) });
export const posted = (id: string, tracking: string): Promise<Collection> => collection(id, "posted", { tracking });
export const reprint = (id: string, reason: string): Promise<Collection> => collection(id, "reprint", { reason });
/** Where the sealed paper of an issued certificate is read; each look is written down. */
export const paperAddress = (id: string): string => `/v1/collections/${encodeURIComponent(id)}/paper`;

export const board = (signal?: AbortSignal): Promise<Board> => call("GET", "/v1/report/board", undefined, background(signal));
export const volumes = (from: Day, until: Day, signal?: AbortSignal): Promise<Volumes> =>
  call("GET", `/v1/report/volume?${within(from, until)}`, undefined, { signal });
export const volumesFile = (from: Day, until: Day): string => `/v1/report/volume.csv?${within(from, until)}`;
export const ratings = (from: Day, until: Day, signal?: AbortSignal): Promise<RatingReport> =>
  call("GET", `/v1/report/ratings?${within(from, until)}`, undefined, { signal });
