// The one listener of the page: finds who answers a key now. Dialogs put a layer over the bench, so only the top layer hears.
// Not here: what the keys do (each part says so with `useKey`) and their words (`table.ts`).
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Burst, pressed } from "./press";
import { KEYS, type KeyId, type KeyRow } from "./table";

interface Answerer {
  id: KeyId;
  layer: number;
  run: (key: string) => void;
}

class Keyboard {
  private answerers: Answerer[] = [];
  private layers: number[] = [];
  private listeners = new Set<() => void>();
  private snapshot: readonly KeyId[] = [];
  private scanned: (code: string) => void = () => undefined;
  private readonly burst = new Burst(
    (key) => this.answer(key),
    (code) => this.scanned(code),
  );

  add(answerer: Answerer): () => void {
    this.answerers.push(answerer);
    this.tell();
    return () => {
      this.answerers = this.answerers.filter((other) => other !== answerer);
      this.tell();
    };
  }

  raise(layer: number): () => void {
    this.layers.push(layer);
    this.tell();
    return () => {
      const at = this.layers.lastIndexOf(layer);
      if (at >= 0) this.layers.splice(at, 1);
      this.tell();
    };
  }

  onScan(hear: (code: string) => void): void {
    this.scanned = hear;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Ids of the keys that work now. */
  live = (): readonly KeyId[] => this.snapshot;

  press = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const key = pressed(event);
    if (key === null) return;
    const rows = (KEYS as readonly KeyRow[]).filter((row) => row.press.includes(key));
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (isOpenList(target)) return;
    if (writes(target)) {
      if (rows.some((row) => row.inText) && this.answer(key, true)) event.preventDefault();
      else if (key === "escape") target.blur();
      return;
    }
    if (key.length === 1 && key !== " ") {
      if (event.ctrlKey) return;
      if (event.repeat) {
        if (rows.some((row) => row.repeats)) this.answer(key);
        return;
      }
      if (rows.length > 0) event.preventDefault();
      this.burst.add(event.key);
      return;
    }
    if (this.burst.flush() && key === "enter") {
      event.preventDefault();
      return;
    }
    if (event.repeat && !rows.some((row) => row.repeats)) return;
    if (actsItself(target, key)) return;
    if (this.answer(key)) event.preventDefault();
  };

  private top(): number {
    return this.layers.length === 0 ? 0 : Math.max(...this.layers);
  }

  private answer(key: string, inText = false): boolean {
    const top = this.top();
    const ids = (KEYS as readonly KeyRow[]).filter((row) => row.press.includes(key) && (!inText || row.inText)).map((row) => row.id);
    const found = [...this.answerers].reverse().find((one) => one.layer === top && ids.includes(one.id));
    found?.run(key);
    return found !== undefined;
  }

  private tell(): void {
    const top = this.top();
    const now = KEYS.map((row) => row.id).filter((id) => this.answerers.some((one) => one.layer === top && one.id === id));
    if (now.join() !== this.snapshot.join()) {
      this.snapshot = now;
      this.listeners.forEach((listener) => listener());
    }
  }
}

/** Is text being written there? */
function writes(target: HTMLElement): boolean {
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** An open list or calendar answers its own keys first. */
function isOpenList(target: HTMLElement): boolean {
  return target.getAttribute("aria-expanded") === "true" || target.closest(".ant-picker-dropdown, .ant-select-dropdown") !== null;
}

/** Does the browser already do something with this key there? */
function actsItself(target: HTMLElement, key: string): boolean {
  if (key.startsWith("arrow")) return target !== document.body && target.closest("[role=listbox]") === null;
  if (key !== "enter" && key !== " ") return false;
  if (target instanceof HTMLInputElement) return key === " ";
  return target.closest("button, a[href], [role=menuitem], [role=tab]") !== null;
}

const keyboard = new Keyboard();
const Layer = createContext(0);

/** Starts listening; `onScan` hears a receipt code that a scanner typed outside a field. */
export function useKeyboard(onScan: (code: string) => void): void {
  keyboard.onScan(onScan);
  useEffect(() => {
    window.addEventListener("keydown", keyboard.press);
    return () => window.removeEventListener("keydown", keyboard.press);
  }, []);
}

/** This part answers a key while it is on the page and `on`. */
export function useKey(id: KeyId, run: (key: string) => void, on = true): void {
  const layer = useContext(Layer);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => (on ? keyboard.add({ id, layer, run: (key) => latest.current(key) }) : undefined), [id, layer, on]);
}

/** What is inside hears keys before everything below; `over` lifts it above other dialogs too. */
export function KeyLayer({ children, over = 1 }: { children: ReactNode; over?: number }): JSX.Element {
  const layer = useContext(Layer) + over;
  const [mine] = useState(layer);
  useEffect(() => keyboard.raise(mine), [mine]);
  return <Layer.Provider value={mine}>{children}</Layer.Provider>;
}

/** Ids of the keys that work now, in the table's order. */
export function useLiveKeys(): readonly KeyId[] {
  return useSyncExternalStore(keyboard.subscribe, keyboard.live);
}
