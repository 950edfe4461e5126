// Numbers, desk, issuing and figures: the pure parts. What they look like is walked by `npm run look`.
import { describe, expect, it } from "vitest";
import type { Collection, Desk, Ticket, ToIssue } from "../../src/api/counter-types";
import { deskGroups, lackToHandOver, nextShown, SHOWN } from "../../src/collect/words";
import { pagesBefore, stoodBefore } from "../../src/decision/earlier";
import { afterCopy, plainLabel } from "../../src/issue/CopyAid";
import { standing } from "../../src/issue/IssuePane";
import { changeWords, lackOfPeriod, percentWords, signed, whole, yearBegins } from "../../src/report/figures";
import { firstPlace, fromHash, PLACES, toHash } from "../../src/shell/places";
import { absentOffered, standWords, waitWords, windowWords } from "../../src/tickets/words";

const ticket = (change: Partial<Ticket>): Ticket => ({
  number: "A001", case_id: "c", title: "", branch: "", branch_name: "", state: "waiting", drawn_at: "", called_at: null, calls: 0, window: null, waited_minutes: 65, ...change,
});
const row = (change: Partial<Collection>): Collection => ({
  id: "a", case_id: "a", code: null, title: "", kind: "credential", state: "ready", number: null, tracking: null, ready_at: "", done_at: null, last_four: null, prints: 0, ...change,
});
const waits: ToIssue = { case_id: "w", claim_epoch: 3, code: null, title: "", kind: "certificate", last_four: null, approved_at: "" };

describe("numbers", () => {
  it("say how they stand", () => {
    expect([standWords(ticket({})), standWords(ticket({ state: "called", calls: 2, window: "3" })), standWords(ticket({ state: "no-show" })), standWords(ticket({ waited_minutes: 0 }))]).toEqual(["等了 1 时 5 分", "叫了 2 次，3 号窗口", "未到，可以再叫", "等了不到 1 分"]);
    expect([waitWords(0), waitWords(59), waitWords(60)]).toEqual(["不到 1 分", "59 分", "1 时 0 分"]);
    expect([windowWords("12"), windowWords("综合窗口")]).toEqual(["12 号窗口", "综合窗口"]);
  });
  it("are given up only after three calls, and only while called", () => {
    const offered = (state: Ticket["state"], calls: number): boolean => absentOffered(ticket({ state, calls }));
    expect([offered("called", 2), offered("called", 3), offered("waiting", 3), offered("no-show", 4), offered("served", 3)]).toEqual([false, true, false, false, false]);
  });
});

describe("the desk", () => {
  const desk: Desk = { to_issue: [waits], rows: [row({ case_id: "r" }), row({ case_id: "p", state: "posted" }), row({ case_id: "c", state: "collected" })] };
  it("is cut into what waits, what is ready, what left; nothing is lost", () => {
    const cut = (shown: Parameters<typeof deskGroups>[1]): string[] => deskGroups(desk, shown).map((group) => `${group.title}:${group.rows.map((one) => one.row.case_id).join("")}`);
    expect(cut("all")).toEqual(["待发证:w", "待领取:r", "已领走:c", "已寄出:p"]);
    expect(cut("ready")).toEqual(["待领取:r"]);
    expect(deskGroups(undefined, "all").flatMap((group) => group.rows)).toEqual([]);
  });
  it("is shown part by part and comes round", () => {
    let shown = SHOWN[0]?.value ?? "posted";
    for (let at = 0; at < SHOWN.length; at += 1) shown = nextShown(shown);
    expect(shown).toBe("all");
  });
  it("hands nothing over before the identity is checked, nor to a proxy nobody described", () => {
    expect([lackToHandOver(false, "own", ""), lackToHandOver(true, "own", ""), lackToHandOver(true, "proxy", " "), lackToHandOver(true, "proxy", "配偶")].map((lack) => lack === null)).toEqual([false, true, false, true]);
  });
  it("knows of one case whether it waits or was issued", () => {
    expect([standing(desk, "w").waits?.claim_epoch, standing(desk, "r").issued?.case_id, standing(desk, "x")]).toEqual([3, "r", { waits: undefined, issued: undefined }]);
  });
});

describe("copying", () => {
  it("goes on to the next field and stays on the last", () => {
    expect([afterCopy(0, 3), afterCopy(2, 3), afterCopy(0, 1)]).toEqual([1, 2, 0]);
    expect([plainLabel("新证怎么领？"), plainLabel("姓名")]).toEqual(["新证怎么领", "姓名"]);
  });
});

describe("figures", () => {
  it("are the published ones, as they are read", () => {
    expect(changeWords({ item: "", count: 7985, base: 5220, delta: 2765, percent: 52.97 })).toBe("7,985 件，比上年同期多 2,765 件（+52.97 %）");
    expect(changeWords({ item: "", count: 3, base: 0, delta: 3, percent: null })).toBe("3 件，上年同期没有，不算百分比");
    expect([whole(1234567), whole(0), signed(-1352), signed(0), percentWords(-0.5), percentWords(0), percentWords(171.79)]).toEqual(["1,234,567", "0", "-1,352", "0", "-0.50 %", "0.00 %", "+171.79 %"]);
  });
  it("are asked for days that exist, the first before the last", () => {
    expect([lackOfPeriod("2026-01-01", "2026-11-22"), lackOfPeriod("2026-11-22", "2026-11-22")]).toEqual([null, null]);
    expect(["2026-02-30", "2026-1-1", "", "20260101"].map((day) => lackOfPeriod(day, "2026-11-22") === null)).toEqual([false, false, false, false]);
    expect(lackOfPeriod("2026-11-23", "2026-11-22")).toContain("之后");
    expect(yearBegins("2026-11-22")).toBe("2026-01-01");
  });
});

describe("what stood before a supplement", () => {
  const page = { attachment: "x", media_type: "image/jpeg", size: 1 };
  const told = [
    { at: "1", answers: [{ id: "a", label: "甲", value: "一", pages: [page] }, { id: "b", label: "乙", value: "二", pages: [] }] },
    { at: "2", answers: [{ id: "a", label: "甲", value: "三", pages: [page, page] }] },
  ];
  it("is the last one by field, and all its pages have a name", () => {
    const before = stoodBefore(told);
    expect([before.get("a")?.value, before.get("a")?.at, before.get("b")?.value, before.get("c")]).toEqual(["三", "2", "二", undefined]);
    expect(pagesBefore(told).map((one) => one.label)).toEqual(["补正前 · 甲", "补正前 · 甲 第 1 页", "补正前 · 甲 第 2 页"]);
  });
});

describe("the address", () => {
  it("names a page, an opening or an open case, and reads back what it wrote", () => {
    const nothing = { open: null, opening: null };
    for (const { id } of PLACES) expect(fromHash(toHash(id, null, null))).toEqual({ place: id, ...nothing });
    expect(fromHash(toHash("bench", "0198-a b", null))).toEqual({ place: "bench", open: "0198-a b", opening: null });
    expect(fromHash(toHash("bench", null, "0198-c d"))).toEqual({ place: "bench", open: null, opening: "0198-c d" });
    expect([firstPlace("report", () => true), firstPlace("bench", (place) => place.needs === "report"), firstPlace("report", (place) => place.needs !== "report"), firstPlace("collect", () => false)]).toEqual(["report", "report", "bench", "bench"]);
    expect(fromHash("#/no-such-page")).toEqual({ place: "bench", ...nothing });
  });
});
