// The stand-in's state and rules: sign-in, leases, decisions, two persons. Tests turn its knobs to make trouble.
// It answers to the officers' API as the workbench sees it; it is no second office and is never in the bundle.
import type { Case, CaseDetail, Decision, Me, Queue } from "../../src/api/types";
import { StandinCounter } from "./counter";
import { No } from "./no";
import { BRANCHES, freshCases, OFFICERS } from "./cases";
import { choices, freshDetail } from "./details";
import { StandinOpenings } from "./openings";

export const PASSWORD = "correct horse battery";
const ENDED = ["approved", "rejected", "refused"];

export class StandinOffice {
  cases: Case[] = freshCases();
  counter = new StandinCounter(this.cases);
  details = new Map<string, CaseDetail>();
  readonly openings = new StandinOpenings(this);
  version = 1;
  listeners = new Set<() => void>();
  /** Token to officer. */
  sessions = new Map<string, string>();
  wrong = 0;
  oneTime = new Set<string>(["sun"]);
  leaseSeconds = 900;
  /** Milliseconds every answer waits. */
  latency = 0;
  /** Everything but the page itself fails as if the office were gone. */
  down = false;
  /** Requests answered, by method and path without the query. */
  seen: string[] = [];

  changed(): void {
    this.version += 1;
    this.listeners.forEach((listener) => listener());
  }

  me(id: string): Me {
    const officer = OFFICERS.find((one) => one.id === id) ?? { id, name: id, badge: "000000" };
    return {
      ...officer, station: "liuqiao", station_name: "柳桥派出所", window: "综合窗口 3",
      roles: id === "wang" ? ["officer", "supervisor"] : ["officer"], branches: BRANCHES,
      actions: ["view", "claim", "decide", "review", "open-closed", "issue", "collect", "tickets", ...(id === "zhou" ? [] : (["intake"] as const)), ...(id === "wang" ? (["assign", "report"] as const) : [])],
      must_change_password: this.oneTime.has(id), must_set_second_factor: false, by: "password", bureau: { name: "云溪市公安局", phone: "0570-0000 110（样例）", demo: true, wall: "https://127.0.0.1:8443/wall" },
      lease_seconds: this.leaseSeconds, idle_seconds: 1800, now: new Date().toISOString(),
    };
  }

  signIn(officer: string, password: string): Me {
    if (!OFFICERS.some((one) => one.id === officer) || password !== PASSWORD) {
      this.wrong += 1;
      throw new No(401, "sign-in-refused", { wait_seconds: 2 ** this.wrong });
    }
    this.wrong = 0;
    return this.me(officer);
  }

  find(id: string): Case {
    const one = this.cases.find((each) => each.id === id);
    if (!one) throw new No(404, "not-found");
    return one;
  }

  put(id: string, change: Partial<Case>): Case {
    const fresh = { ...this.find(id), ...change };
    this.cases = this.cases.map((one) => (one.id === id ? fresh : one));
    this.changed();
    return fresh;
  }

  held(one: Case): boolean {
    return one.holder !== null && one.lease_until !== null && Date.parse(one.lease_until) > Date.now();
  }

  detail(id: string, officer: string, reason: string | null): CaseDetail {
    const one = this.find(id);
    if (one.erased) throw new No(410, "erased");
    if (ENDED.includes(one.status) && (reason ?? "").trim() === "") throw new No(403, "reason-needed");
    const kept = this.details.get(id) ?? freshDetail(one);
    const detail = { ...kept, case: one };
    this.details.set(id, detail);
    return { ...detail, decisions: choices(detail, one.holder === officer && this.held(one), one.second?.officer === officer) };
  }

  queue(officer: string, query: URLSearchParams): Queue {
    const q = (query.get("q") ?? "").replace(/-/g, "").toUpperCase();
    const whose = query.get("whose") ?? "all";
    const shown = this.cases
      .filter((one) => query.get("closed") === "true" || one.deadline.group !== "ended" || one.status === query.get("status"))
      .filter((one) => (query.get("branch") ?? one.branch) === one.branch && (query.get("status") ?? one.status) === one.status && (query.get("station") ?? one.station) === one.station)
      .filter((one) => q === "" || [one.code ?? "", one.title, one.applicant ?? "", one.last_four ?? ""].some((text) => text.toUpperCase().includes(q)));
    const live = this.cases.filter((one) => one.deadline.group !== "ended");
    const mine = (one: Case): boolean => one.holder === officer && this.held(one);
    const free = (one: Case): boolean => !this.held(one) && one.status !== "supplement";
    const count = (test: (one: Case) => boolean): number => live.filter(test).length;
    const cases = shown.filter((one) => (whose === "mine" ? mine(one) : whose === "free" ? free(one) : true));
    if (query.get("sort") === "arrival") cases.sort((a, b) => a.received_at.localeCompare(b.received_at));
    if (query.get("sort") === "service") cases.sort((a, b) => a.title.localeCompare(b.title, "zh-CN"));
    return {
      cases, version: this.version,
      counts: { all: live.length, mine: count(mine), free: count(free), overdue: count((one) => one.deadline.group === "overdue"), today: count((one) => one.deadline.group === "today") },
    };
  }

  claim(id: string, officer: string): Case {
    const one = this.find(id);
    if (this.held(one) && one.holder !== officer) throw new No(409, "claimed", { holder: one.holder, holder_name: one.holder_name });
    const name = OFFICERS.find((each) => each.id === officer)?.name ?? officer;
    this.note(id, `${name}领办`);
    return this.put(id, { holder: officer, holder_name: name, lease_until: this.until(), claim_epoch: one.claim_epoch + 1, version: one.version + 1 });
  }

  claimNext(officer: string, branches: string[] | undefined): Case {
    const one = this.cases.find((each) => !this.held(each) && !ENDED.includes(each.status) && each.status !== "supplement" && each.second?.officer !== officer && (branches === undefined || branches.includes(each.branch)));
    if (!one) throw new No(404, "queue-empty");
    return this.claim(one.id, officer);
  }

  /** The lease must be this officer's and of this epoch. */
  mine(id: string, officer: string, epoch: unknown): Case {
    const one = this.find(id);
    if (one.holder !== officer || !this.held(one) || one.claim_epoch !== epoch) throw new No(409, "lease-lost");
    return one;
  }

  renew(id: string, officer: string, epoch: unknown): Case {
    this.mine(id, officer, epoch);
    return this.put(id, { lease_until: this.until() });
  }

  release(id: string, officer: string, epoch: unknown): Case {
    const one = this.mine(id, officer, epoch);
    this.note(id, `${one.holder_name ?? ""}放回队列`);
    return this.put(id, { holder: null, holder_name: null, lease_until: null, version: one.version + 1 });
  }

  assign(id: string, to: string): Case {
    const colleague = OFFICERS.find((one) => one.id === to);
    if (!colleague) throw new No(403, "not-your-right");
    return this.put(id, { holder: to, holder_name: colleague.name, lease_until: this.until(), claim_epoch: this.find(id).claim_epoch + 1, version: this.find(id).version + 1 });
  }

  decide(id: string, officer: string, epoch: unknown, version: unknown, decision: Decision): Case {
    const one = this.mine(id, officer, epoch);
    if (one.version !== version) throw new No(409, "version-conflict");
    const detail = this.detail(id, officer, "decide");
    const choice = detail.decisions.find((each) => each.decision === decision.decision);
    if (!choice?.allowed) throw new No(422, "decision-refused", { why: choice?.why_not ?? [] });
    const freed = { holder: null, holder_name: null, lease_until: null, version: one.version + 1, tags: [] };
    this.note(id, `${one.holder_name ?? ""}决定：${choice.label}`);
    if (detail.service.two_person.includes(decision.decision) && one.second?.decision !== decision.decision) {
      return this.put(id, { ...freed, tags: [{ kind: "violet", words: "待第二人" }], second: { decision: decision.decision, officer, officer_name: one.holder_name ?? "", at: new Date().toISOString() } });
    }
    switch (decision.decision) {
      case "accept":
        // Whoever accepted goes on with it.
        return this.put(id, { version: one.version + 1, status: "accepted", word: "已受理" });
      case "return-for-supplement":
        return this.put(id, { ...freed, status: "supplement", word: "待补正", supplement_by: decision.by, deadline: { group: "paused", words: "待补正 · 计时暂停", on: null } });
      case "transfer":
        return this.put(id, { ...freed, branch: decision.branch, branch_name: BRANCHES.find((branch) => branch.id === decision.branch)?.name ?? "" });
      case "approve":
        this.counter.approved(one);
        return this.put(id, { ...freed, status: "approved", word: "已办结", second: null, deadline: { group: "ended", words: "今日办结", on: null } });
      case "reject":
        return this.put(id, { ...freed, status: "rejected", word: "已办结", deadline: { group: "ended", words: "今日不予", on: null } });
      case "refuse-to-accept":
        return this.put(id, { ...freed, status: "refused", word: "不予受理", deadline: { group: "ended", words: "今日不予受理", on: null } });
    }
  }

  note(id: string, words: string): void {
    const detail = this.details.get(id) ?? freshDetail(this.find(id));
    this.details.set(id, { ...detail, history: [...detail.history, { at: new Date().toISOString(), words, officer_name: null }] });
  }

  private until(): string {
    return new Date(Date.now() + this.leaseSeconds * 1000).toISOString();
  }
}
