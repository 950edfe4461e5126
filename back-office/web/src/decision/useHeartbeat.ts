// Keeps a lease alive while the officer is at work: a sign of life every quarter of the lease, none when nobody touches the desk.
import { useEffect, useRef } from "react";

const LOOK_MS = 5_000;

/** Calls `renew` when `on` and something was touched since the last renewal. */
export function useHeartbeat(on: boolean, leaseSeconds: number, renew: () => Promise<unknown>): void {
  const latest = useRef(renew);
  latest.current = renew;
  useEffect(() => {
    if (!on) return undefined;
    let touched = Date.now();
    let renewed = Date.now();
    let busy = false;
    const touch = (): void => {
      touched = Date.now();
    };
    const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
    events.forEach((name) => window.addEventListener(name, touch, { passive: true }));
    const timer = setInterval(() => {
      const due = Date.now() - renewed >= Math.max(LOOK_MS, (leaseSeconds * 1000) / 4);
      if (!due || touched <= renewed || busy) return;
      busy = true;
      const started = Date.now();
      latest.current().then(() => (renewed = started), () => undefined).finally(() => (busy = false));
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      events.forEach((name) => window.removeEventListener(name, touch));
    };
  }, [on, leaseSeconds]);
}
