// The key table: nothing pressed twice, every cap said, the help page and the bar read the same rows, and a scanner decides nothing.
import { createElement } from "react";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { Cap } from "../../src/keys/Cap";
import { Burst, BURST_MS, pressed } from "../../src/keys/press";
import { KEY_PLACES, KEYS, keyRow, placeRows, type KeyRow } from "../../src/keys/table";
import { codeIn, printed } from "../../src/queue/code";

const ROWS: readonly KeyRow[] = KEYS;

/** Presses that more than one row of a list answers. */
export function doubled(rows: readonly KeyRow[]): string[] {
  const all = rows.flatMap((row) => row.press);
  return all.filter((press, at) => all.indexOf(press) !== at);
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

describe("the table", () => {
  it("has no press twice on a page, nor in a dialog; every row has a page", () => {
    for (const place of KEY_PLACES) expect([place, doubled(placeRows(place))]).toEqual([place, []]);
    expect(ROWS.filter((row) => !KEY_PLACES.some((place) => placeRows(place).includes(row)))).toEqual([]);
    expect(doubled([...placeRows("bench"), { id: "planted", press: ["j"], caps: ["J"], words: "", group: "queue" }])).toEqual(["j"]);
  });

  it("has every key that the workbench was promised with", () => {
    const promised = ["j", "k", "enter", "c", "n", "r", "a", "s", "t", "x", "g", "1", "9", "+", "-", "0", "[", "]", "b", " ", "o", "p", "/", "f", "?", "escape"];
    expect(promised.filter((press) => !placeRows("bench").some((row) => row.press.includes(press)))).toEqual([]);
  });

  it("asks once more where something is given away", () => {
    expect(ROWS.filter((row) => row.twice).map((row) => row.id)).toEqual(["release", "agree", "ticket-absent", "give-up"]);
    expect(keyRow("send").words).toContain("再按一次");
  });

  it("is answered: each row is used by some part of the page, and no part uses a key outside the table", () => {
    const text = sources("src").filter((path) => !path.endsWith("table.ts")).map((path) => readFileSync(path, "utf8")).join("\n");
    const unanswered = ROWS.filter((row) => !text.includes(`useKey("${row.id}"`) && !text.includes(`id: "${row.id}"`) && !text.includes(`key: "${row.id}"`));
    expect(unanswered.map((row) => row.id)).toEqual([]);
  });

  it("prints each cap", () => {
    for (const row of KEYS) for (const cap of row.caps) expect(renderToStaticMarkup(createElement(Cap, { id: row.id }))).toContain(`<kbd>${cap}</kbd>`);
  });
});

describe("a press", () => {
  const key = (name: string, ctrlKey = false): string | null => pressed({ key: name, ctrlKey, altKey: false, metaKey: false });
  it("is written as in the table; browser shortcuts stay the browser's", () => {
    expect(key("J")).toBe("j");
    expect(key("Enter", true)).toBe("ctrl+enter");
    expect(key("f", true)).toBeNull();
    expect(key("Shift")).toBeNull();
    expect(pressed({ key: "a", ctrlKey: false, altKey: true, metaKey: false })).toBeNull();
  });
});

describe("a burst", () => {
  const run = (letters: string): { keys: string[]; scans: string[] } => {
    const keys: string[] = [];
    const scans: string[] = [];
    const burst = new Burst((each) => keys.push(each), (code) => scans.push(code));
    for (const letter of letters) burst.add(letter);
    burst.flush();
    return { keys, scans };
  };
  it("of a receipt code opens the case and presses nothing", () => {
    expect(run("AXTR-CG47")).toEqual({ keys: [], scans: ["AXTRCG47"] });
    expect(run("https://yimen.example/r/axtrcg47")).toEqual({ keys: [], scans: ["AXTRCG47"] });
  });
  it("of anything else is handed on key by key", () => {
    expect(run("jjk")).toEqual({ keys: ["j", "j", "k"], scans: [] });
    expect(run("aaaaaaaa").scans).toEqual([]);
  });
  it("ends by itself after a pause", () => {
    vi.useFakeTimers();
    const keys: string[] = [];
    const burst = new Burst((each) => keys.push(each), () => undefined);
    burst.add("x");
    expect(keys).toEqual([]);
    vi.advanceTimersByTime(BURST_MS);
    expect(keys).toEqual(["x"]);
    vi.useRealTimers();
  });
});

describe("a receipt code", () => {
  it("is read with hyphen, spaces, small letters, or at the end of an address; nothing else is one", () => {
    expect(["7kq4-m3xp", " 7KQ4 M3XP ", "https://a.example/s?c=7KQ4M3XP"].map(codeIn)).toEqual(["7KQ4M3XP", "7KQ4M3XP", "7KQ4M3XP"]);
    expect(["7KQ4M2XP", "林小满", "", "7KQ4M3XPA"].map(codeIn)).toEqual([null, null, null, null]);
    expect(printed("7KQ4M3XP")).toBe("7KQ4-M3XP");
  });
});
