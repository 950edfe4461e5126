// The collection desk in words, and its groups. Pure.
import type { Collection, Desk, ToIssue } from "../api/counter-types";
import type { PickGroup } from "../shell/PickList";

/** A row of the desk: waiting to be issued, or issued. */
export type DeskRow = { what: "issue"; row: ToIssue } | { what: "desk"; row: Collection };
export type Shown = "all" | "issue" | "ready" | "collected" | "posted";

export const SHOWN: readonly { value: Shown; label: string }[] = [
  { value: "all", label: "全部" },
  { value: "issue", label: "待发证" },
  { value: "ready", label: "待领取" },
  { value: "collected", label: "已领走" },
  { value: "posted", label: "已寄出" },
];

/** What F shows next. */
export function nextShown(now: Shown): Shown {
  const at = SHOWN.findIndex((one) => one.value === now);
  return SHOWN[(at + 1) % SHOWN.length]?.value ?? "all";
}

/** The desk cut into groups, the office's order inside. */
export function deskGroups(desk: Desk | undefined, shown: Shown): PickGroup<DeskRow>[] {
  const rows = (state: Collection["state"]): DeskRow[] => (desk?.rows ?? []).filter((row) => row.state === state).map((row) => ({ what: "desk", row }));
  const all: { shown: Shown; title: string; rows: DeskRow[] }[] = [
    { shown: "issue", title: "待发证", rows: (desk?.to_issue ?? []).map((row) => ({ what: "issue", row })) },
    { shown: "ready", title: "待领取", rows: rows("ready") },
    { shown: "collected", title: "已领走", rows: rows("collected") },
    { shown: "posted", title: "已寄出", rows: rows("posted") },
  ];
  return all.filter((group) => shown === "all" || group.shown === shown);
}

/** What is handed over. */
export function kindWords(kind: Collection["kind"] | null): string {
  return kind === "certificate" ? "证明" : kind === "credential" ? "证件" : "目录未定";
}

/** Who may take it, checked before the desk lets it go; null when all is said. */
export function lackToHandOver(checked: boolean, by: "own" | "proxy", note: string): string | null {
  if (!checked) return "还要核对身份。";
  return by === "proxy" && note.trim() === "" ? "还要写代领人和委托书。" : null;
}
