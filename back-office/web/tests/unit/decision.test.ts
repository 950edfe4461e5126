// Half-written things are kept; the four buttons show what is next; reasons are found by pinyin; what is missing is said.
import { describe, expect, it } from "vitest";
import { problemFrom, Problem, say } from "../../src/api/problem";
import type { Choice, DecisionName } from "../../src/api/types";
import { four } from "../../src/decision/choices";
import { Drafts } from "../../src/decision/drafts";
import { fits, itemsOf, wantedRows } from "../../src/decision/reasons";
import { lacks } from "../../src/decision/RefuseDialog";
import { absence, mayBeChecked } from "../../src/papers/words";
import { drawn, larger, PLAIN, smaller, turned } from "../../src/papers/view";
import { left } from "../../src/session/clock-words";
import { objection } from "../../src/session/NewPassword";
import { freshness } from "../../src/shell/BottomBar";
import { REASONS } from "../standin/letters";

describe("drafts", () => {
  it("are kept by case and slot, told of, and cleared only for their case", () => {
    const drafts = new Drafts();
    let told = 0;
    drafts.subscribe(() => (told += 1));
    drafts.set("a", "note", "写了一半");
    drafts.set("a", "supplement", { marked: {} });
    drafts.set("ab", "note", "另一件");
    expect([drafts.get("a", "note"), drafts.any("a"), drafts.any("b"), told]).toEqual(["写了一半", true, false, 3]);
    drafts.clear("a");
    expect([drafts.get("a", "note"), drafts.get("ab", "note"), drafts.any("a"), drafts.any()]).toEqual([undefined, "另一件", false, true]);
    drafts.clearAll();
    expect(drafts.any()).toBe(false);
  });
  it("empty words are nothing written", () => {
    const drafts = new Drafts();
    drafts.set("a", "note", "  ");
    expect(drafts.any("a")).toBe(false);
  });
});

describe("the four buttons", () => {
  const choice = (decision: DecisionName, allowed: boolean): Choice => ({ decision, label: decision, allowed, why_not: [] });
  const all = (...open: DecisionName[]): Choice[] => (["accept", "refuse-to-accept", "return-for-supplement", "approve", "reject", "transfer"] as const).map((name) => choice(name, open.includes(name)));
  it("take what is allowed, else what the status makes next", () => {
    expect(four(all("accept"), "delivered").agree?.decision).toBe("accept");
    expect(four(all("approve"), "accepted").agree?.decision).toBe("approve");
    expect(four(all("approve"), "delivered").agree?.decision).toBe("approve");
    expect(four(all(), "accepted").agree?.decision).toBe("approve");
    expect(four(all(), "delivered").refuse?.decision).toBe("refuse-to-accept");
    expect(four(all(), "accepted").refuse?.decision).toBe("reject");
    expect(four([], "accepted").agree).toBeUndefined();
  });
});

describe("reasons for a supplement", () => {
  it("fit by pinyin, initials, number, words", () => {
    const reason = { code: "203", label: "影像模糊", words: "", pinyin: "ying xiang mo hu" };
    expect(["mohu", "yxmh", "203", "模糊", "户口", ""].map((typed) => fits(typed, "户口簿", reason))).toEqual([true, true, true, true, true, true]);
    expect(["fanguang", "999"].map((typed) => fits(typed, "户口簿", reason))).toEqual([false, false]);
  });
  it("rows follow the filter, keep what is marked, and are sent in the office's order", () => {
    const marked = { statement: { code: "240", words: " 请补签。 " }, "book-first": { code: "204", words: "重拍" } };
    expect(wantedRows(REASONS.items, {}, "fanguang").map((row) => row.key)).toEqual(["photo"]);
    expect(wantedRows(REASONS.items, {}, "tai an")[0]?.reason?.code).toBe("222");
    expect(wantedRows(REASONS.items, marked, "fanguang").map((row) => row.key)).toEqual(["book-first", "photo", "statement"]);
    expect(wantedRows(REASONS.items, marked, "")[0]?.reason?.code).toBe("204");
    expect(itemsOf(REASONS.items, marked)).toEqual([{ key: "book-first", code: "204", words: "重拍" }, { key: "statement", code: "240", words: "请补签。" }]);
  });
});

describe("words", () => {
  it("say what is missing before a refusal", () => {
    expect(lacks({ ground: "", reason: "a", remedy: "b" }, true)).toContain("依据");
    expect(lacks({ ground: "", reason: "a", remedy: "b" }, false)).toBeNull();
    expect(lacks({ ground: "x", reason: " ", remedy: "b" }, true)).toContain("理由");
    expect(lacks({ ground: "x", reason: "a", remedy: "" }, true)).toContain("怎么办");
  });
  it("name who holds a case, and never a code", () => {
    expect(say(problemFrom(409, { type: "https://x/problems/claimed", holder_name: "李警官" }))).toContain("李警官");
    expect(say(problemFrom(422, { type: "https://x/problems/decision-refused", why: ["甲", "乙"] }))).toBe("甲；乙");
    for (const problem of [problemFrom(500, undefined), problemFrom(418, { type: "x/teapot" }), new Problem(0, "unreachable", null)]) expect(say(problem)).not.toMatch(/[a-z0-9]/i);
  });
  it("object to a weak new password", () => {
    expect(objection("old", "short", "short")).toContain("至少");
    expect(objection("same-as-before", "same-as-before", "same-as-before")).toContain("不同");
    expect(objection("old", "long enough one", "long enough two")).toContain("不一样");
    expect(objection("old", "long enough one", "long enough one")).toBeNull();
  });
  it("say how fresh the list is", () => {
    expect(freshness("live", false, 3)).toEqual({ words: "队列已同步 · 3 秒前", ok: true });
    expect(freshness("waiting", true, 130).words).toContain("2 分前");
    expect(freshness("off", false, 1).ok).toBe(false);
  });
  it("count a lease down and stop at nothing", () => {
    const now = Date.parse("2026-11-23T10:00:00Z");
    expect([left("2026-11-23T10:12:31Z", now), left("2026-11-23T09:00:00Z", now), left(null, now)]).toEqual(["12:31", "0:00", "0:00"]);
  });
});

describe("papers", () => {
  const paper = { key: "a", title: "", level: "C" as const, level_word: "", state: "present" as const, due: null, pages: [], checked: null };
  it("say what is not here, and which may be noted as checked", () => {
    expect([absence(paper), absence({ ...paper, state: "later", due: "2026-12-04" }), absence({ ...paper, state: "counter" })]).toEqual([null, "容缺 · 12-04 前补", "窗口采集"]);
    expect([paper, { ...paper, level: "A" as const }, { ...paper, state: "network" as const }, { ...paper, state: "missing" as const }].map(mayBeChecked)).toEqual([true, false, false, true]);
  });
  it("zoom within limits and come back to the whole; turn all the way round; fit lying down", () => {
    let view = PLAIN;
    for (let at = 0; at < 30; at += 1) view = larger(view);
    expect(view.zoom).toBe(6);
    expect(smaller(larger(PLAIN)).zoom).toBe(1);
    expect([90, 90, 90, 90].reduce((now) => turned(now, 90), PLAIN).turn).toBe(0);
    expect(turned(PLAIN, -90).turn).toBe(270);
    expect(drawn({ zoom: 1, turn: 90 }, { width: 800, height: 400 }, { width: 400, height: 400 })).toEqual({ width: 400, height: 200 });
  });
});
