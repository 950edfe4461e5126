// The one live stream of a tab: it only says that the queue changed. Whoever hears it asks the queue again.
import { useEffect, useRef, useState } from "react";

export type Line = "live" | "waiting" | "off";

/** Listens while `on`; calls `changed` for every change and after each new connection. */
export function useQueueEvents(on: boolean, changed: () => void): Line {
  const [line, setLine] = useState<Line>("waiting");
  const hear = useRef(changed);
  hear.current = changed;

  useEffect(() => {
    if (!on) return undefined;
    let stream: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tries = 0;
    const open = (): void => {
      stream = new EventSource("/v1/events");
      stream.onopen = () => {
        tries = 0;
        setLine("live");
        hear.current();
      };
      stream.addEventListener("queue", () => hear.current());
      stream.onerror = () => {
        setLine(navigator.onLine ? "waiting" : "off");
        // A refused stream is closed for good by the browser; a cut one is tried again by itself.
        if (stream?.readyState === EventSource.CLOSED) {
          // The session may be over: asking the queue again tells.
          hear.current();
          tries += 1;
          timer = setTimeout(open, Math.min(15_000, 1000 * 2 ** tries));
        }
      };
    };
    open();
    return () => {
      stream?.close();
      clearTimeout(timer);
    };
  }, [on]);
  return line;
}
