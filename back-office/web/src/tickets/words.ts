// Numbers at the counter in words.
import type { Ticket } from "../api/counter-types";

/** `3 号窗口`; a window that has a name keeps it. */
export function windowWords(window: string): string {
  return /^\d+$/.test(window) ? `${window} 号窗口` : window;
}

/** How long somebody waited: `等了 12 分`, `等了不到 1 分`; `verb` says who speaks of it. */
export function waitedWords(verb: string, minutes: number): string {
  return minutes < 1 ? `${verb}不到 1 分` : `${verb} ${waitWords(minutes)}`;
}

/** `12 分`, `1 时 5 分`. */
export function waitWords(minutes: number): string {
  if (minutes < 1) return "不到 1 分";
  return minutes < 60 ? `${minutes} 分` : `${Math.floor(minutes / 60)} 时 ${minutes % 60} 分`;
}

/** A person is called so often before the page offers that they did not come. */
export const CALLS_BEFORE_ABSENT = 3;

/** May the officer say now that nobody came? */
export function absentOffered(ticket: Ticket): boolean {
  return ticket.state === "called" && ticket.calls >= CALLS_BEFORE_ABSENT;
}

/** What the number stands at, in one line. */
export function standWords(ticket: Ticket): string {
  const where = ticket.window === null ? "" : `，${windowWords(ticket.window)}`;
  switch (ticket.state) {
    case "waiting":
      return waitedWords("等了", ticket.waited_minutes);
    case "called":
      return `叫了 ${ticket.calls} 次${where}`;
    case "served":
      return `已接待${where}`;
    case "no-show":
      return "未到，可以再叫";
  }
}
