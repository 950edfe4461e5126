// While a case is on its way: its title is known from the list, the rest follows.
import type { ReactNode } from "react";
import type { Case } from "../api/types";
import { printed } from "../queue/code";

export function Waiting({ row, children }: { row: Case | undefined; children: ReactNode }): JSX.Element {
  return (
    <section className="waiting" aria-label="办件">
      <h1>{row ? <>{row.title} {!row.erased && <span className="quiet">{printed(row.code)}</span>}</> : "办件"}</h1>
      {children}
    </section>
  );
}
