// Times and days as an officer reads them.

const two = (value: number): string => String(value).padStart(2, "0");
const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** `10:46`, or with the day when it was another day: `11-23 10:46`. */
export function clockOf(moment: string | number, now: number): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date(now).toDateString() ? time : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `2026-11-23 周一 10:46`. */
export function fullClock(now: number): string {
  const at = new Date(now);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${WEEK[at.getDay()] ?? ""} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What is left of a lease, `12:31`; `0:00` when nothing is. */
export function left(until: string | null, now: number): string {
  const seconds = until === null ? 0 : Math.max(0, Math.floor((Date.parse(until) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** `12-04` of a day. */
export function shortDay(day: string): string {
  return day.slice(5);
}
