// Tells the office that somebody is at the desk: reading and writing for a while sends nothing else.
import { useEffect } from "react";
import * as office from "../api/office";

const LOOK_MS = 15_000;

/** While `on`: at most five times in an idle time, and only when something was touched. */
export function usePresence(on: boolean, idleSeconds: number): void {
  useEffect(() => {
    if (!on) return undefined;
    let touched = 0;
    let told = Date.now();
    const touch = (): void => {
      touched = Date.now();
    };
    const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
    events.forEach((name) => window.addEventListener(name, touch, { passive: true }));
    const timer = setInterval(() => {
      if (touched <= told || Date.now() - told < (idleSeconds * 1000) / 5) return;
      told = Date.now();
      void office.me().catch(() => undefined);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      events.forEach((name) => window.removeEventListener(name, touch));
    };
  }, [on, idleSeconds]);
}
