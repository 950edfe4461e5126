// The shapes the office answers with, as the officers' API names them. Checked against the generated `schema.ts` by `tsc`.

/** A calendar day, `2026-11-30`. */
export type Day = string;
/** A moment, RFC 3339. */
export type Moment = string;

export type Role = "officer" | "reviewer" | "supervisor" | "auditor" | "administrator";
export type Action =
  | "view" | "claim" | "decide" | "review" | "assign" | "issue" | "collect" | "intake" | "tickets" | "report" | "open-closed" | "audit" | "revoke" | "retain" | "provision";

export interface Named {
  id: string;
  name: string;
}

export interface Me {
  id: string;
  name: string;
  badge: string;
  station: string;
  station_name: string;
  window: string | null;
  roles: Role[];
  branches: Named[];
  actions: Action[];
  must_change_password: boolean;
  /** Signed in with a password alone where that is not enough. */
  must_set_second_factor: boolean;
  /** By what they signed in; null for a token. */
  by: "password" | "password-and-code" | "passkey" | "provider" | null;
  bureau: { name: string; phone: string; demo: boolean; /** Address of the page for the hall's screen. */ wall: string };
  lease_seconds: number;
  idle_seconds: number;
  now: Moment;
}

export type Status = "delivered" | "accepted" | "refused" | "supplement" | "approved" | "rejected";
export type DeadlineGroup = "overdue" | "today" | "soon" | "later" | "paused" | "none" | "ended";

export interface Deadline {
  group: DeadlineGroup;
  words: string;
  on: Day | null;
}

export interface Tag {
  kind: "info" | "warn" | "bad" | "violet";
  words: string;
}

/** The first of two officers who must decide the same. */
export interface FirstDecision {
  decision: DecisionName;
  officer: string;
  officer_name: string;
  at: Moment;
}

export interface Case {
  id: string;
  submission: string;
  service: string;
  title: string;
  branch: string;
  branch_name: string;
  station: string;
  station_name: string;
  status: Status;
  word: string;
  priority: number;
  received_at: Moment;
  due_on: Day | null;
  overdue: boolean;
  deadline: Deadline;
  promised_on: Day | null;
  statutory_on: Day | null;
  supplement_by: Day | null;
  code: string | null;
  last_four: string | null;
  applicant: string | null;
  ticket: string | null;
  open: string[];
  tags: Tag[];
  holder: string | null;
  holder_name: string | null;
  lease_until: Moment | null;
  claim_epoch: number;
  version: number;
  second: FirstDecision | null;
  /** Only ids, times and the log are left of it. */
  erased: boolean;
}

export interface Counts {
  all: number;
  mine: number;
  free: number;
  overdue: number;
  today: number;
}

export interface Queue {
  cases: Case[];
  counts: Counts;
  version: number;
}

export interface Page {
  attachment: string;
  media_type: string;
  size: number;
}

export type Level = "A" | "B" | "C" | "D";

export interface Paper {
  key: string;
  title: string;
  level: Level;
  level_word: string;
  state: "present" | "later" | "missing" | "counter" | "network";
  due: Day | null;
  pages: Page[];
  checked: { officer_name: string; at: Moment } | null;
}

export interface Field {
  id: string;
  label: string;
  value: string;
  source: "registry" | "person" | "card";
  source_word: string;
  error: string | null;
  paper: string | null;
}

export interface FormStep {
  step: string;
  title: string;
  fields: Field[];
}

export interface Check {
  id: string;
  label: string;
  by: "machine" | "officer";
  done: { officer_name: string | null; at: Moment | null } | null;
}

export type DecisionName = "accept" | "refuse-to-accept" | "return-for-supplement" | "approve" | "reject" | "transfer";

export interface Choice {
  decision: DecisionName;
  label: string;
  allowed: boolean;
  why_not: string[];
}

export type Finding = "same" | "not-same" | "in-person";

export interface Person {
  identified_word: string;
  remark: string;
  must_confirm: boolean;
  card_photo: Page | null;
  live_photo: Page | null;
  confirmed: { finding: Finding; officer_name: string; at: Moment } | null;
}

export interface Applicant {
  name: string;
  number_masked: string;
  phone_masked: string | null;
  matter: "own" | "guardian" | "proxy";
  matter_word: string;
  subject_masked: string | null;
  subject_name: string | null;
}

export interface HistoryLine {
  at: Moment;
  words: string;
  officer_name: string | null;
}

/** Answers that a supplement changed, as they were. */
export interface Earlier {
  at: Moment;
  answers: { id: string; label: string; value: string; pages: Page[] }[];
}

export interface CaseDetail {
  case: Case;
  service: {
    id: string;
    title: string;
    branch: Named;
    handling: "instant" | "acceptance";
    fee_yuan: number | null;
    law: string[];
    output_words: string;
    statutory_words: string | null;
    two_person: DecisionName[];
  };
  applicant: Applicant;
  person: Person;
  papers: Paper[];
  form: FormStep[];
  checks: Check[];
  decisions: Choice[];
  branches: Named[];
  history: HistoryLine[];
  /** What stood before each supplement, oldest first. */
  earlier: Earlier[];
  unreadable: string | null;
}

export interface SupplementItem {
  key: string;
  code: string | null;
  words: string;
}

export type Decision =
  | { decision: "accept" }
  | { decision: "approve" }
  | { decision: "refuse-to-accept"; reason: string; remedy: string }
  | { decision: "return-for-supplement"; items: SupplementItem[]; by: Day }
  | { decision: "reject"; ground: string; reason: string; remedy: string }
  | { decision: "transfer"; branch: string; reason: string };

export interface Preview {
  title: string;
  lead: string;
  items: { heading: string; text: string }[];
  closing: string[];
  signature: string;
  findings: { level: "ok" | "warn" | "bad"; text: string }[];
}

export interface Reason {
  code: string;
  label: string;
  words: string;
  pinyin: string;
}

export interface SupplementReasons {
  items: { key: string; title: string; reasons: Reason[] }[];
  default_by: Day;
  phone: string;
}

export interface Colleague {
  id: string;
  name: string;
  badge: string;
}
