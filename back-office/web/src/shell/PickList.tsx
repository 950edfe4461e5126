// A list in groups that is walked with the keys of the queue; the chosen row stays chosen while rows come and go.
import { useRef, useState, type ReactNode } from "react";
import { useKey } from "../keys/keyboard";

export interface PickGroup<Row> {
  title: string;
  rows: readonly Row[];
}

export interface Pick<Row> {
  rows: readonly Row[];
  chosen: Row | undefined;
  key: string | null;
  choose: (key: string) => void;
}

/** Which row is chosen: the one picked, else what took its place, else the first (of those that come first). */
export function usePick<Row>(groups: readonly PickGroup<Row>[], id: (row: Row) => string, first?: (row: Row) => boolean): Pick<Row> {
  const [key, setKey] = useState<string | null>(null);
  const last = useRef<number | null>(null);
  const rows = groups.flatMap((group) => group.rows);
  const found = rows.findIndex((row) => id(row) === key);
  const at = found >= 0 ? found : Math.min(last.current ?? Math.max(0, first ? rows.findIndex(first) : 0), rows.length - 1);
  if (found >= 0) last.current = found;
  const chosen = rows[at];
  const go = (step: number): void => {
    const to = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (!to) return;
    setKey(id(to));
    document.getElementById(`pick-${id(to)}`)?.scrollIntoView({ block: "nearest" });
  };
  useKey("down", () => go(1), rows.length > 0);
  useKey("up", () => go(-1), rows.length > 0);
  return { rows, chosen, key: chosen === undefined ? null : id(chosen), choose: setKey };
}

interface Props<Row> {
  label: string;
  groups: readonly PickGroup<Row>[];
  pick: Pick<Row>;
  id: (row: Row) => string;
  choose: (row: Row) => void;
  row: (row: Row) => ReactNode;
}

export function PickList<Row>({ label, groups, pick, id, choose, row }: Props<Row>): JSX.Element {
  const full = groups.filter((group) => group.rows.length > 0);
  return (
    <div className="rows" role="listbox" tabIndex={0} aria-label={label} aria-activedescendant={pick.key === null ? undefined : `pick-${pick.key}`}>
      {full.map((group) => (
        <div key={group.title} role="group" aria-label={`${group.title} ${group.rows.length}`}>
          <div className="group-title" aria-hidden="true">{group.title} <span className="quiet">{group.rows.length}</span></div>
          {group.rows.map((one) => (
            <div key={id(one)} id={`pick-${id(one)}`} role="option" aria-selected={id(one) === pick.key} className={id(one) === pick.key ? "row open" : "row"} onClick={() => choose(one)}>{row(one)}</div>
          ))}
        </div>
      ))}
    </div>
  );
}
