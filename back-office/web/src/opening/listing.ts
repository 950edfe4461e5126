// The list of the chooser: my unfinished openings first, then services by category or by branch. Pure.
import type { OpeningRow, ServiceRow } from "../api/openings";

export type By = "category" | "branch";

export type Item = { kind: "mine"; key: string; row: OpeningRow } | { kind: "service"; key: string; row: ServiceRow };

export interface Group {
  title: string;
  items: Item[];
}

/** Unfinished ones are narrowed here, by title, person and code; services were narrowed by the office. */
export function listed(mine: readonly OpeningRow[], services: readonly ServiceRow[], by: By, q: string): Group[] {
  const plain = q.trim().toUpperCase().replace(/[-\s]/g, "");
  const own = mine.filter((row) => plain === "" || [row.title, row.applicant ?? "", row.code].some((text) => text.toUpperCase().includes(plain)));
  const groups: Group[] = own.length === 0 ? [] : [{ title: "我没办完的", items: own.map((row) => ({ kind: "mine", key: `mine-${row.id}`, row })) }];
  const named = new Map<string, Group>();
  for (const row of services) {
    const title = by === "category" ? row.category_name : row.branch_name;
    const group = named.get(title) ?? { title, items: [] };
    group.items.push({ kind: "service", key: `service-${row.id}`, row });
    named.set(title, group);
  }
  return [...groups, ...named.values()];
}

/** The item that has the cursor; the first when the one before is gone. While somebody searches, services come first. */
export function cursorIn(groups: readonly Group[], key: string | null, searching: boolean): Item | undefined {
  const all = groups.flatMap((group) => group.items);
  return all.find((item) => item.key === key) ?? (searching ? all.find((item) => item.kind === "service") : undefined) ?? all[0];
}

export function step(groups: readonly Group[], from: Item | undefined, by: 1 | -1): Item | undefined {
  const all = groups.flatMap((group) => group.items);
  const at = from === undefined ? -1 : all.indexOf(from);
  return all[Math.min(all.length - 1, Math.max(0, at + by))];
}
