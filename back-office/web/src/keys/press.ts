// Turns keyboard events into the table's writing, and tells a hand from a scanner, which types a whole code in a moment.
import { codeIn } from "../queue/code";

/** An event as the table writes it, or null when it is no key of ours (modifier alone, other shortcut). */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">): string | null {
  if (event.altKey || event.metaKey) return null;
  const key = event.key.toLowerCase();
  if (["control", "shift", "alt", "meta", "process", "dead", "unidentified", "capslock", "tab"].includes(key)) return null;
  if (event.ctrlKey) return key === "enter" ? "ctrl+enter" : null;
  return key;
}

/** Longest pause between two letters of a scanner, milliseconds; a hand is slower. */
export const BURST_MS = 40;

type Timer = ReturnType<typeof setTimeout>;

/**
 * Holds single characters back for a moment. A burst that holds a receipt code is a scan, so no letter of it
 * decides anything; every other burst is handed on key by key.
 */
export class Burst {
  private letters = "";
  private timer: Timer | undefined;

  constructor(
    private readonly onKey: (key: string) => void,
    private readonly onScan: (code: string) => void,
  ) {}

  /** One more character. */
  add(letter: string): void {
    this.letters += letter;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), BURST_MS);
  }

  /** The burst is over (a pause, or Enter). Says whether it was a scan. */
  flush(): boolean {
    clearTimeout(this.timer);
    const letters = this.letters;
    this.letters = "";
    const code = letters.length >= 8 ? codeIn(letters) : null;
    if (code !== null && new Set(code).size > 2) {
      this.onScan(code);
      return true;
    }
    for (const letter of letters) this.onKey(letter.toLowerCase());
    return false;
  }
}
