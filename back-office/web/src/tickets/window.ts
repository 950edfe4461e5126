// The window of this desk: chosen once and kept on this machine, because the desk stays where it is. Nothing of a person.
import { useState } from "react";

const KEPT = "yimen-window";
/** The office takes no longer name; it stands on the wall in large type. */
export const LONGEST_WINDOW = 12;

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** The window of this desk, else the officer's own; and how to choose another. */
export function useWindow(own: string | null): [string | null, (window: string) => void] {
  const [chosen, setChosen] = useState(read);
  const choose = (window: string): void => {
    const plain = window.trim().slice(0, LONGEST_WINDOW);
    try {
      localStorage.setItem(KEPT, plain);
    } catch {
      // A browser that keeps nothing asks again after a reload.
    }
    setChosen(plain);
  };
  return [chosen ?? own, choose];
}
