// The shapes of numbers, issuing, collection and figures, as the officers' API names them. Checked against `schema.ts` by `tsc`.
import type { Day, Moment } from "./types";

export type TicketState = "waiting" | "called" | "served" | "no-show";

export interface Ticket {
  number: string;
  case_id: string;
  title: string;
  branch: string;
  branch_name: string;
  state: TicketState;
  drawn_at: Moment;
  called_at: Moment | null;
  calls: number;
  window: string | null;
  waited_minutes: number;
}

export interface Tickets {
  now_serving: Ticket[];
  waiting: Ticket[];
  done: Ticket[];
  hours: { open: boolean; words: string };
}

export type CollectionKind = "credential" | "certificate";

export interface Collection {
  id: string;
  case_id: string;
  code: string | null;
  title: string;
  kind: CollectionKind;
  state: "ready" | "collected" | "posted";
  number: string | null;
  tracking: string | null;
  ready_at: Moment;
  done_at: Moment | null;
  last_four: string | null;
  prints: number;
}

/** Approved, and not issued yet. */
export interface ToIssue {
  case_id: string;
  claim_epoch: number;
  code: string | null;
  title: string;
  kind: CollectionKind | null;
  last_four: string | null;
  approved_at: Moment;
}

export interface Desk {
  rows: Collection[];
  to_issue: ToIssue[];
}

export interface CopyAid {
  fields: { label: string; value: string }[];
}

export interface Board {
  /** Numbers that wait. */
  waiting: number;
  longest_wait_minutes: number;
  /** Cases that are not ended. */
  open: number;
  overdue: number;
  by_branch: { branch: string; branch_name: string; waiting: number; open: number; overdue: number; decided_today: number }[];
  by_officer: { officer: string; officer_name: string; holding: number; decided_today: number }[];
  now: Moment;
}

export interface Volume {
  item: string;
  count: number;
  base: number;
  delta: number;
  /** Null when there is no base. */
  percent: number | null;
}

export interface Volumes {
  rows: Volume[];
  total: Volume;
  rounding_words: string;
  from: Day;
  until: Day;
  base_from: Day;
  base_until: Day;
}

export interface Rating {
  item: string;
  count: number;
  average: number;
  /** One star to five. */
  stars: number[];
}

export interface RatingReport {
  rows: Rating[];
  total: Rating | null;
  from: Day;
  until: Day;
}
