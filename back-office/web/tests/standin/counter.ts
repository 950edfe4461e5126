// The stand-in's numbers, desk and figures. Fictional, and as the workbench sees them.
import type { Board, Collection, Desk, RatingReport, Ticket, Tickets, ToIssue, Volumes } from "../../src/api/counter-types";
import type { Case } from "../../src/api/types";
import { No } from "./no";

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const CERTIFICATES = ["no-criminal-record-self", "no-criminal-record-proxy"];

function ticket(number: string, one: Case, state: Ticket["state"], minutes: number, more: Partial<Ticket> = {}): Ticket {
  return { number, case_id: one.id, title: one.title, branch: one.branch, branch_name: one.branch_name, state, drawn_at: ago(minutes), called_at: null, calls: 0, window: null, waited_minutes: minutes, ...more };
}

/** Everything beside the queue, with its rules. */
export class StandinCounter {
  tickets: Ticket[];
  toIssue: ToIssue[] = [];
  rows: Collection[];
  /** Why things were printed again. */
  reasons: string[] = [];
  copies = 0;
  private drawn = 31;

  constructor(cases: readonly Case[]) {
    const at = (place: number): Case => cases[place] as Case;
    this.tickets = [
      ticket("A024", at(7), "called", 31, { calls: 2, called_at: ago(2), window: "1" }),
      ticket("B011", at(3), "waiting", 26),
      ticket("A027", at(4), "waiting", 14),
      ticket("C005", at(5), "waiting", 3),
      ticket("A022", at(8), "served", 52, { calls: 1, called_at: ago(40), window: "3", waited_minutes: 12 }),
      ticket("A021", at(13), "no-show", 66, { calls: 3, called_at: ago(45), window: "3", waited_minutes: 20 }),
    ];
    this.rows = [
      this.row(at(15), "credential", "ready", "3308220261122007", { last_four: "0417" }),
      this.row(at(12), "certificate", "ready", "YX2026-000831", { prints: 1 }),
      this.row(at(13), "credential", "collected", "330A0058214", { done_at: ago(120) }),
      this.row(at(18), "credential", "posted", "H90213347", { done_at: ago(1500), tracking: "1098200377413" }),
    ];
  }

  private row(one: Case, kind: Collection["kind"], state: Collection["state"], number: string, more: Partial<Collection> = {}): Collection {
    return { id: one.id, case_id: one.id, code: one.code, title: one.title, kind, state, number, tracking: null, ready_at: ago(1700), done_at: null, last_four: one.last_four, prints: 0, ...more };
  }

  /** A case was approved: it waits to be issued. */
  approved(one: Case): void {
    const kind = CERTIFICATES.includes(one.service) ? "certificate" : "credential";
    this.toIssue.push({ case_id: one.id, claim_epoch: one.claim_epoch, code: one.code, title: one.title, kind, last_four: one.last_four, approved_at: ago(0) });
  }

  list(): Tickets {
    const of = (...states: Ticket["state"][]): Ticket[] => this.tickets.filter((one) => states.includes(one.state));
    return { now_serving: of("called"), waiting: of("waiting"), done: of("served", "no-show"), hours: { open: true, words: "正在办理，今天 17:00 关门" } };
  }

  draw(one: Case): Ticket {
    const known = this.tickets.find((each) => each.case_id === one.id && (each.state === "waiting" || each.state === "called"));
    if (known) return known;
    const fresh = ticket(`A0${(this.drawn += 1)}`, one, "waiting", 0);
    this.tickets.push(fresh);
    return fresh;
  }

  step(number: string, what: string, window: unknown): Ticket {
    const one = number === "call-next" ? this.tickets.find((each) => each.state === "waiting") : this.tickets.find((each) => each.number === number);
    if (!one) throw new No(404, number === "call-next" ? "nobody-waits" : "not-found");
    const fits: Record<string, Ticket["state"][]> = { call: ["waiting", "no-show"], recall: ["called"], "no-show": ["called"], served: ["waiting", "called"] };
    if (!fits[what]?.includes(one.state)) throw new No(409, "ticket-state");
    const called = what === "call" || what === "recall";
    const fresh: Ticket = { ...one, state: called ? "called" : what === "served" ? "served" : "no-show", ...(called ? { calls: one.calls + 1, called_at: ago(0), window: String(window) } : {}) };
    this.tickets = this.tickets.map((each) => (each.number === one.number ? fresh : each));
    return fresh;
  }

  desk(q: string): Desk {
    const plain = q.replace(/-/g, "").toUpperCase();
    const fits = (one: { code: string | null; title: string; last_four: string | null; number?: string | null }): boolean =>
      q === "" || one.code === plain || one.title.includes(q) || one.last_four === plain || one.number === q;
    return { rows: this.rows.filter(fits), to_issue: this.toIssue.filter(fits) };
  }

  issue(one: Case, epoch: unknown, number: unknown): Collection {
    const waits = this.toIssue.find((each) => each.case_id === one.id);
    if (!waits) throw new No(409, "not-approved");
    if (waits.claim_epoch !== epoch) throw new No(409, "lease-lost");
    if (waits.kind === "credential" && String(number ?? "").trim() === "") throw new No(422, "number-needed");
    const fresh = this.row(one, waits.kind ?? "credential", "ready", waits.kind === "certificate" ? "YX2026-000877" : String(number), { ready_at: ago(0), prints: waits.kind === "certificate" ? 1 : 0 });
    this.toIssue = this.toIssue.filter((each) => each !== waits);
    this.rows = [fresh, ...this.rows];
    return fresh;
  }

  leave(id: string, what: string, body: Record<string, unknown>): Collection {
    const one = this.rows.find((each) => each.id === id);
    if (!one) throw new No(409, "not-issued");
    let fresh: Collection;
    if (what === "reprint") {
      if (one.kind !== "certificate") throw new No(409, "no-paper");
      this.reasons.push(String(body["reason"]));
      fresh = { ...one, prints: one.prints + 1 };
    } else {
      if (one.state !== "ready") throw new No(409, "not-ready");
      if (what === "collected" && body["identity_checked"] !== true) throw new No(422, "identity-not-checked");
      if (what === "collected" && body["by"] === "proxy" && String(body["proxy_note"] ?? "") === "") throw new No(422, "proxy-note-needed");
      fresh = what === "posted" ? { ...one, state: "posted", tracking: String(body["tracking"]), done_at: ago(0) } : { ...one, state: "collected", done_at: ago(0) };
    }
    this.rows = this.rows.map((each) => (each.id === id ? fresh : each));
    return fresh;
  }
}

export const BOARD: Board = {
  waiting: 3, longest_wait_minutes: 26, open: 22, overdue: 2, now: new Date().toISOString(),
  by_branch: [
    { branch: "household", branch_name: "户政", waiting: 1, open: 9, overdue: 1, decided_today: 14 },
    { branch: "traffic", branch_name: "交管", waiting: 0, open: 4, overdue: 1, decided_today: 6 },
    { branch: "exit-entry", branch_name: "出入境", waiting: 1, open: 4, overdue: 0, decided_today: 3 },
    { branch: "criminal-record", branch_name: "犯罪记录", waiting: 1, open: 2, overdue: 0, decided_today: 9 },
    { branch: "residence", branch_name: "流动人口", waiting: 0, open: 3, overdue: 0, decided_today: 4 },
  ],
  by_officer: [
    { officer: "wang", officer_name: "王警官", holding: 1, decided_today: 12 }, { officer: "li", officer_name: "李警官", holding: 1, decided_today: 15 },
    { officer: "zhao", officer_name: "赵警官", holding: 1, decided_today: 5 }, { officer: "sun", officer_name: "孙警官", holding: 1, decided_today: 4 },
  ],
};

/** The published figures: 7,985 with +2,765 and 2,139 with +1,352. */
export function volumes(from: string, until: string): Volumes {
  const back = (day: string): string => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return {
    from, until, base_from: back(from), base_until: back(until),
    rounding_words: "百分比 =（本期 − 上年同期）÷ 上年同期，四舍五入到两位小数。",
    rows: [
      { item: "居民身份证自助办理", count: 7985, base: 5220, delta: 2765, percent: 52.97 },
      { item: "无犯罪记录证明", count: 2139, base: 787, delta: 1352, percent: 171.79 },
      { item: "驾驶证、行驶证业务", count: 5635, base: 5712, delta: -77, percent: -1.35 },
      { item: "委托代办", count: 1036, base: 0, delta: 1036, percent: null },
    ],
    total: { item: "合计", count: 16795, base: 11719, delta: 5076, percent: 43.31 },
  };
}

export function ratings(from: string, until: string): RatingReport {
  return {
    from, until,
    rows: [
      { item: "身份证丢失补领", count: 412, average: 4.71, stars: [3, 5, 14, 62, 328] },
      { item: "无犯罪记录证明", count: 655, average: 4.86, stars: [2, 3, 9, 57, 584] },
    ],
    total: { item: "合计", count: 1067, average: 4.8, stars: [5, 8, 23, 119, 912] },
  };
}

export const COPY_AID = {
  fields: [
    { label: "申请人姓名", value: "林小满" }, { label: "申请人身份证号", value: "330802199405211528" }, { label: "手机号", value: "13812342046" },
    { label: "领取方式", value: "邮寄" }, { label: "邮寄地址", value: "云溪市柳桥街道青禾路 66 号 2 幢 901 室" },
  ],
};
