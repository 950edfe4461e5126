// Openings: what is typed is never lost, where one stands among the steps, the list to begin with, problems in words.
import { describe, expect, it } from "vitest";
import { problemFrom, say } from "../../src/api/problem";
import type { Opening, OpeningField, OpeningRow, OpeningStep } from "../../src/api/openings";
import { cursorIn, listed, step } from "../../src/opening/listing";
import { inWords, isGroup, isLong } from "../../src/opening/kinds";
import { END, firstPlace, moved, placeIn, places, stateOf } from "../../src/opening/steps";
import { count, elsewhere, NOTHING, outgoing, put, shown, taken } from "../../src/opening/typed";
import { StandinOffice } from "../standin/office";

const field = (id: string, change: Partial<OpeningField> = {}): OpeningField => ({
  id, label: id, help: null, kind: "text", choices: null, multiple: false, value: null, required: true, locked: false, error: null, from_visit: false, ...change,
});

describe("what is typed", () => {
  const name = field("name", { value: "林小" });
  it("stands over what the office has, and is nothing when it is the same again", () => {
    const typed = put(put(NOTHING, name, "林小满"), field("phone"), "138");
    expect([shown(typed, name), shown(typed, field("where", { value: "车站" })), count(typed)]).toEqual(["林小满", "车站", 2]);
    expect(count(put(typed, name, "林小"))).toBe(1);
  });
  it("is sent as it stands, wrong or not; blank is sent as nothing", () => {
    expect(outgoing(put(put(NOTHING, name, "  "), field("phone"), "138"))).toEqual({ name: null, phone: "138" });
  });
  it("leaves only when the office took just that; letters typed meanwhile stay", () => {
    const sent = put(put(NOTHING, name, "林小满"), field("phone"), "138");
    const meanwhile = put(sent, field("phone"), "1380");
    expect(taken(meanwhile, sent)).toEqual({ phone: { value: "1380", base: null } });
    expect(taken(sent, sent)).toEqual({});
  });
  it("is held against what came in from elsewhere meanwhile", () => {
    const typed = put(NOTHING, name, "林小满");
    expect(elsewhere(typed, name)).toBeNull();
    expect(elsewhere(typed, { ...name, value: "林大" })).toBe("林大");
    expect(elsewhere(typed, { ...name, value: null })).toBe("");
    expect(elsewhere(typed, { ...name, value: "林小满" })).toBeNull();
    expect(elsewhere(put(typed, { ...name, value: "林大" }, "林小满满"), { ...name, value: "林大" })).toBe("林大");
  });
});

describe("steps", () => {
  const made = (id: string, done: boolean, error: string | null = null): OpeningStep => ({ id, title: id, done, fields: [field(`${id}-1`, { error })] });
  const opening = (...steps: OpeningStep[]): Opening => ({ steps }) as Opening;
  const three = opening(made("a", true), made("b", false), made("c", false));
  it("are done, wrong or open; wrong goes before done", () => {
    expect([made("a", true), made("a", false), made("a", false, "x"), made("a", true, "x")].map(stateOf)).toEqual(["done", "open", "wrong", "wrong"]);
  });
  it("begin at the first that is not done, end with papers and submitting", () => {
    expect([firstPlace(three), firstPlace(opening(made("a", true))), places(three).at(-1)]).toEqual(["b", END, END]);
  });
  it("go on and back, and stop at the ends", () => {
    expect([moved(three, "a", 1), moved(three, "c", 1), moved(three, END, 1), moved(three, "a", -1), moved(three, END, -1)]).toEqual(["b", END, END, "a", "c"]);
  });
  it("that fall away while somebody stands there lead to the first open one", () => {
    expect([placeIn(three, "c"), placeIn(three, "gone"), placeIn(three, null)]).toEqual(["c", "b", "b"]);
  });
});

describe("the list to begin with", () => {
  const office = new StandinOffice();
  const all = office.openings.search("").services;
  const mine: OpeningRow[] = [{ id: "o1", code: "E4WTRK93", service: "x", title: "出生登记", from: "kiosk", begun_at: "", applicant: "沈知秋", last_step: null }];
  it("has one's own unfinished first, then every service once, by category or branch", () => {
    const groups = listed(mine, all, "category", "");
    expect(groups[0]?.title).toBe("我没办完的");
    expect(groups.slice(1).flatMap((group) => group.items)).toHaveLength(all.length);
    expect(listed([], all, "branch", "").map((group) => group.title)).toEqual([...new Set(all.map((one) => one.branch_name))]);
  });
  it("finds the unfinished by person, title and code", () => {
    const hits = (q: string): number => listed(mine, [], "category", q).length;
    expect(["沈知", "出生", "e4wt-rk93", "驾驶"].map(hits)).toEqual([1, 1, 1, 0]);
  });
  it("offers what was searched for first, and keeps the cursor while it can", () => {
    const groups = listed(mine, all, "category", "");
    expect([cursorIn(groups, null, false)?.kind, cursorIn(groups, null, true)?.kind, cursorIn(groups, "service-birth-registration", true)?.key]).toEqual(["mine", "service", "service-birth-registration"]);
    expect(cursorIn([], null, false)).toBeUndefined();
    expect([step(groups, cursorIn(groups, null, false), 1)?.kind, step(groups, cursorIn(groups, null, false), -1)?.kind]).toEqual(["service", "mine"]);
  });
});

describe("fields", () => {
  const choices = ["a", "b", "c"].map((value) => ({ value, label: `选项${value}` }));
  it("are read back in words", () => {
    const many = field("x", { kind: "choice", multiple: true, choices });
    expect([inWords(many, "a,c"), inWords(field("x", { kind: "signature" }), "cannot-sign"), inWords(field("x", { kind: "declaration" }), "yes"), inWords(field("x"), "车站"), inWords(many, "")]).toEqual(["选项a、选项c", "本人不能签名", "已声明", "车站", ""]);
  });
  it("with many choices are a list to search, unless several may be chosen", () => {
    const long = Array.from({ length: 9 }, (_, at) => ({ value: String(at), label: String(at) }));
    expect([isLong(field("x", { kind: "choice", choices: long })), isLong(field("x", { kind: "choice", choices: long, multiple: true })), isGroup(field("x", { kind: "choice", choices })), isGroup(field("x"))]).toEqual([true, false, true, false]);
  });
});

describe("problems of openings", () => {
  const told = (type: string, more: Record<string, unknown> = {}): string => say(problemFrom(409, { type: `https://x/problems/${type}`, ...more }));
  it("name who has it, what is missing, and the office's own words where it has better ones", () => {
    expect(told("in-other-hands", { holder_name: "李警官" })).toContain("李警官");
    expect(told("opening-incomplete", { why: ["手机号：没有填"] })).toBe("手机号：没有填");
    expect(told("too-many-pages", { detail: "这份材料最多 4 页。" })).toBe("这份材料最多 4 页。");
    for (const kind of ["already-a-case", "opening-ended", "not-taken-up", "not-a-page", "unknown-code"]) expect(told(kind)).not.toMatch(/没有改动/);
  });
});
