// Grouping by deadline, the cursor in a changing list, and which of two tellings of a case counts.
import { describe, expect, it } from "vitest";
import type { Case, DeadlineGroup } from "../../src/api/types";
import { grouped, inOrder, moved } from "../../src/queue/groups";
import { isHeld } from "../../src/queue/Row";
import { newer } from "../../src/queue/useQueue";
import { freshCases } from "../standin/cases";

const [sample] = freshCases();
const one = (id: string, group: DeadlineGroup, change: Partial<Case> = {}): Case => ({ ...(sample as Case), id, deadline: { group, words: "", on: null }, ...change });

describe("groups", () => {
  const cases = [one("a", "later"), one("b", "overdue"), one("c", "paused"), one("d", "today"), one("e", "none"), one("f", "overdue"), one("g", "soon"), one("h", "ended")];
  it("go by urgency, keep the office's order inside, and leave nobody out", () => {
    const groups = grouped(cases, "deadline");
    expect(groups.map((group) => [group.title, group.cases.map((each) => each.id).join("")])).toEqual([
      ["超期", "bf"], ["今日到期", "d"], ["三个工作日内", "g"], ["其余", "ae"], ["待补正 · 计时暂停", "c"], ["已结束", "h"],
    ]);
    expect(inOrder(groups)).toHaveLength(cases.length);
  });
  it("cover every group the office knows", () => {
    const all: DeadlineGroup[] = ["overdue", "today", "soon", "later", "paused", "none", "ended"];
    expect(inOrder(grouped(all.map((group) => one(group, group)), "deadline"))).toHaveLength(all.length);
  });
  it("are one by arrival and one for each service", () => {
    expect(grouped(cases, "arrival")).toHaveLength(1);
    expect(grouped([one("a", "later", { title: "甲" }), one("b", "soon", { title: "乙" }), one("c", "soon", { title: "甲" })], "service").map((group) => group.cases.length)).toEqual([2, 1]);
    expect(grouped([], "arrival")).toEqual([]);
  });
});

describe("the cursor", () => {
  const order = ["a", "b", "c"].map((id) => one(id, "later"));
  it("moves and stops at the ends", () => {
    expect([moved(order, "a", 1, 0), moved(order, "c", 1, 2), moved(order, "a", -1, 0)]).toEqual(["b", "c", "a"]);
  });
  it("goes to whoever took the place when its case left", () => {
    expect([moved(order, "gone", 1, 1), moved(order, "gone", -1, 1), moved([], "gone", 1, 1)]).toEqual(["b", "a", null]);
  });
});

describe("two tellings of a case", () => {
  const old = one("a", "later", { version: 3, claim_epoch: 1, lease_until: "old" });
  it("the higher version or epoch counts, else the later one; an older list never undoes an answer", () => {
    const same = { ...old, lease_until: "new" };
    expect(newer(old, same, true).lease_until).toBe("new");
    expect(newer(old, same, false).lease_until).toBe("old");
    expect(newer(old, { ...old, version: 2 }, true)).toBe(old);
    expect(newer(old, { ...old, version: 4 }, false).version).toBe(4);
    expect(newer(old, { ...old, claim_epoch: 0, version: 9 }, true)).toBe(old);
    expect(newer(old, undefined, true)).toBe(old);
  });
  it("a lease that ran out holds nothing", () => {
    const at = Date.parse("2026-11-23T10:00:00Z");
    expect(isHeld(one("a", "later", { holder: "li", lease_until: "2026-11-23T10:00:01Z" }), at)).toBe(true);
    expect(isHeld(one("a", "later", { holder: "li", lease_until: "2026-11-23T10:00:00Z" }), at)).toBe(false);
    expect(isHeld(one("a", "later", { holder: null, lease_until: null }), at)).toBe(false);
  });
});
