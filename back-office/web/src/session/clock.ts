// The office's time in this tab: what remains of a lease is counted by the office's clock, not by the desk's.
import { useEffect, useState } from "react";

let ahead = 0;

/** Takes the office's time; the difference to this machine is kept. */
export function setOfficeClock(now: string): void {
  const at = Date.parse(now);
  if (!Number.isNaN(at)) ahead = at - Date.now();
}

/** The office's time, milliseconds since 1970. */
export function officeNow(): number {
  return Date.now() + ahead;
}

/** The office's time, renewed every `every` milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(officeNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(officeNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Draws again when this moment has passed: what was mine until then is not any more, and nobody sends word of it. */
export function useWhenPassed(moment: string | null): void {
  const [, wake] = useState(0);
  useEffect(() => {
    if (moment === null) return undefined;
    const timer = setTimeout(() => wake((times) => times + 1), Math.max(0, Date.parse(moment) - officeNow()) + 1);
    return () => clearTimeout(timer);
  }, [moment]);
}
