// The supplement list as rows: one thing each, with the reason that is chosen or fits what was typed. Pure.
import type { Reason, SupplementItem, SupplementReasons } from "../api/types";

/** What the officer has made of one thing so far. */
export interface Marked {
  code: string | null;
  words: string;
}

export interface Wanted {
  key: string;
  title: string;
  reasons: Reason[];
  /** The reason shown now; null when the office names none for this thing. */
  reason: Reason | null;
  marked: Marked | null;
}

/** Does a reason fit what was typed: pinyin, number, or words? */
export function fits(typed: string, title: string, reason: Reason): boolean {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return true;
  const pinyin = reason.pinyin.toLowerCase();
  const initials = pinyin.split(/\s+/).map((syllable) => syllable[0] ?? "").join("");
  return [pinyin, pinyin.replace(/\s+/g, ""), initials, reason.code.toLowerCase(), reason.label, title].some((text) => text.includes(wanted));
}

/** Rows for the typed filter; what is marked is always shown. */
export function wantedRows(list: SupplementReasons["items"], marked: Record<string, Marked>, typed: string): Wanted[] {
  return list.flatMap((item) => {
    const mark = marked[item.key] ?? null;
    const fitting = item.reasons.find((reason) => fits(typed, item.title, reason));
    if (mark === null && fitting === undefined && (typed.trim() !== "" || item.reasons.length > 0)) return [];
    const reason = mark === null ? (fitting ?? null) : (item.reasons.find((one) => one.code === mark.code) ?? null);
    return [{ key: item.key, title: item.title, reasons: item.reasons, reason, marked: mark }];
  });
}

/** What is sent: the marked things in the office's order. */
export function itemsOf(list: SupplementReasons["items"], marked: Record<string, Marked>): SupplementItem[] {
  return list.flatMap((item) => {
    const mark = marked[item.key];
    return mark ? [{ key: item.key, code: mark.code, words: mark.words.trim() }] : [];
  });
}
