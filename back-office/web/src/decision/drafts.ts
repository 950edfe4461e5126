// What an officer has half written, by case: survives list updates, closed dialogs, lost leases and ended sessions.
// Invariant: only in this tab's memory, never on a disk, because such words may name somebody.
import { useCallback, useSyncExternalStore } from "react";

/** One keeper for the tab; a class so that tests have their own. */
export class Drafts {
  private kept = new Map<string, unknown>();
  private listeners = new Set<() => void>();

  get<Value>(caseId: string, slot: string): Value | undefined {
    return this.kept.get(`${caseId} ${slot}`) as Value | undefined;
  }

  set(caseId: string, slot: string, value: unknown): void {
    this.kept.set(`${caseId} ${slot}`, value);
    this.tell();
  }

  /** The case is decided or its words were thrown away on purpose. */
  clear(caseId: string): void {
    for (const key of [...this.kept.keys()]) if (key.startsWith(`${caseId} `)) this.kept.delete(key);
    this.tell();
  }

  clearAll(): void {
    this.kept.clear();
    this.tell();
  }

  /** Is anything half written for this case, or for any? Empty text is nothing. */
  any(caseId?: string): boolean {
    for (const [key, value] of this.kept) if ((caseId === undefined || key.startsWith(`${caseId} `)) && written(value)) return true;
    return false;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

function written(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return value !== undefined && value !== null;
}

export const drafts = new Drafts();

/** One half-written thing of one case. */
export function useDraft<Value>(caseId: string, slot: string, empty: Value): [Value, (value: Value) => void] {
  const value = useSyncExternalStore(drafts.subscribe, () => drafts.get<Value>(caseId, slot));
  const set = useCallback((next: Value) => drafts.set(caseId, slot, next), [caseId, slot]);
  return [value ?? empty, set];
}

/** Is anything of this case (or of any) half written? */
export function useWritten(caseId?: string): boolean {
  return useSyncExternalStore(drafts.subscribe, () => drafts.any(caseId));
}
