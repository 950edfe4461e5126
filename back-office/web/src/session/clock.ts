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
