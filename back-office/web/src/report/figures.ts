// Figures as they are read: thousands apart, a sign before what changed, the percentage with two places, and days.
import type { Volume } from "../api/counter-types";
import type { Day } from "../api/types";

/** `7,985`. */
export function whole(value: number): string {
  return String(Math.trunc(Math.abs(value))).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `+2,765`, `-3`, `0`. */
export function signed(value: number): string {
  if (value === 0) return "0";
  return `${value > 0 ? "+" : "-"}${whole(value)}`;
}

/** `+52.97 %` as the office rounded it; without a base there is none. */
export function percentWords(percent: number | null): string {
  if (percent === null) return "上年没有，不算百分比";
  const text = Math.abs(percent).toFixed(2);
  return `${percent > 0 ? "+" : percent < 0 ? "-" : ""}${text} %`;
}

/** The whole change in a sentence: `7,985 件，比上年同期多 2,765 件（+52.97 %）`. */
export function changeWords(volume: Volume): string {
  const more = volume.delta === 0 ? "与上年同期一样" : `比上年同期${volume.delta > 0 ? "多" : "少"} ${whole(volume.delta)} 件`;
  if (volume.percent === null) return `${whole(volume.count)} 件，上年同期没有，不算百分比`;
  return `${whole(volume.count)} 件，${more}（${percentWords(volume.percent)}）`;
}

/** The day of a moment at the station, `2026-11-22`. */
export function dayOf(moment: number): Day {
  const at = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The first of January of that day's year. */
export function yearBegins(day: Day): Day {
  return `${day.slice(0, 4)}-01-01`;
}

/** Is this a day of the calendar, written `2026-01-31`? */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** What stops a period from being asked for; null when nothing does. */
export function lackOfPeriod(from: Day, until: Day): string | null {
  if (!isDay(from) || !isDay(until)) return "日期要写成 2026-01-31 这样。";
  return from > until ? "起日在止日之后，请改一个。" : null;
}
