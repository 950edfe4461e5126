// Puts the hand where the work of a dialog begins: its first choice, or the one already made.
import { useEffect, type RefObject } from "react";

/** Focuses the chosen (else the first) radio inside `box` once it is there. */
export function useFirstRadio(box: RefObject<HTMLElement>, ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const radios = box.current?.querySelectorAll<HTMLInputElement>("input[type=radio]");
    const chosen = radios && [...radios].find((radio) => radio.checked);
    (chosen ?? radios?.[0])?.focus();
  }, [box, ready]);
}
