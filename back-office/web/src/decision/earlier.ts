// What stood in a case before its supplements. Pure.
import type { Earlier, Page } from "../api/types";

/** An answer as it was before the last supplement that changed it, and when that was. */
export interface Before {
  value: string;
  pages: Page[];
  label: string;
  at: string;
}

/** By field; of several supplements the last one that changed it counts. */
export function stoodBefore(earlier: readonly Earlier[]): ReadonlyMap<string, Before> {
  const found = new Map<string, Before>();
  for (const each of earlier) for (const { id, ...answer } of each.answers) found.set(id, { ...answer, at: each.at });
  return found;
}

/** Pages that a supplement replaced, newest supplement last, with words for a list. */
export function pagesBefore(earlier: readonly Earlier[]): { value: string; label: string; page: Page }[] {
  return earlier.flatMap((each) => each.answers.flatMap(({ label, pages }) =>
    pages.map((page, at) => ({ value: page.attachment, label: `补正前 · ${label}${pages.length > 1 ? ` 第 ${at + 1} 页` : ""}`, page })),
  ));
}
