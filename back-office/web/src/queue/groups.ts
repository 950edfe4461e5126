// How the list is cut into groups. The office says which group a deadline is in; this only orders and names them.
import type { Case, DeadlineGroup } from "../api/types";
import type { QueueWish } from "../api/office";

export interface Group {
  key: string;
  title: string;
  cases: Case[];
}

const ORDER: readonly { title: string; groups: readonly DeadlineGroup[] }[] = [
  { title: "超期", groups: ["overdue"] },
  { title: "今日到期", groups: ["today"] },
  { title: "三个工作日内", groups: ["soon"] },
  { title: "其余", groups: ["later", "none"] },
  { title: "待补正 · 计时暂停", groups: ["paused"] },
  { title: "已结束", groups: ["ended"] },
];

/** Groups in the order of urgency (or by service, or one by arrival); empty groups are left out, the office's order stays inside. */
export function grouped(cases: readonly Case[], sort: QueueWish["sort"]): Group[] {
  if (sort === "arrival") return cases.length === 0 ? [] : [{ key: "arrival", title: "按送达先后", cases: [...cases] }];
  if (sort === "service") {
    const titles = [...new Set(cases.map((one) => one.title))];
    return titles.map((title) => ({ key: title, title, cases: cases.filter((one) => one.title === title) }));
  }
  return ORDER.map(({ title, groups }) => ({
    key: groups[0] as string,
    title,
    cases: cases.filter((one) => groups.includes(one.deadline.group)),
  })).filter((group) => group.cases.length > 0);
}

/** The list as the eye goes down it. */
export function inOrder(groups: readonly Group[]): Case[] {
  return groups.flatMap((group) => group.cases);
}

/** Where the cursor goes: `step` rows on; when its case left the list, to the one that took its place. */
export function moved(order: readonly Case[], from: string | null, step: number, lastIndex: number): string | null {
  if (order.length === 0) return null;
  const at = order.findIndex((one) => one.id === from);
  const to = at >= 0 ? at + step : step > 0 ? lastIndex : lastIndex - 1;
  return order[Math.min(order.length - 1, Math.max(0, to))]?.id ?? null;
}
