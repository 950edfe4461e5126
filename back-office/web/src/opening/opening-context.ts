// The opening on the page, for every part of its desk.
import { createContext, useContext } from "react";
import type { OpenOpening } from "./useOpening";

export const OpeningContext = createContext<OpenOpening | null>(null);

export function useOpenOpening(): OpenOpening {
  const open = useContext(OpeningContext);
  if (open === null) throw new Error("no opening around this part");
  return open;
}
