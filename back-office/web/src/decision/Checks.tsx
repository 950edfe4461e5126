// The list of checks: the machine's are done by it, the officer's by Space on the framed one.
import { Checkbox } from "antd";
import { useState } from "react";
import * as office from "../api/office";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { useOpenCase } from "./case-context";

export function Checks(): JSX.Element | null {
  const { id, detail, one, holding, write, busy } = useOpenCase();
  const checks = detail.checks;
  const [framed, setFramed] = useState<string | null>(null);
  const can = holding === "mine";
  const mine = checks.filter((check) => check.by === "officer");
  const at = mine.find((check) => check.id === framed) ?? mine.find((check) => check.done === null) ?? mine[0];
  const done = checks.filter((check) => check.done !== null).length;

  const tick = (checkId: string, to: boolean): void => {
    if (!can || busy) return;
    const place = mine.findIndex((check) => check.id === checkId);
    const after = [...mine.slice(place + 1), ...mine.slice(0, place)].find((check) => check.done === null);
    setFramed(to ? (after?.id ?? checkId) : checkId);
    void write(() => office.tickCheck(id, checkId, one.claim_epoch, to));
  };
  useKey("tick", () => at && tick(at.id, at.done === null), can && at !== undefined);
  useKey("checks", () => {
    const place = mine.findIndex((check) => check.id === at?.id);
    const to = mine[(place + 1) % mine.length];
    if (to) {
      setFramed(to.id);
      document.getElementById(`check-${to.id}`)?.scrollIntoView({ block: "nearest" });
    }
  }, can && mine.length > 1);
  if (checks.length === 0) return null;
  return (
    <section className="checks" aria-label="核验清单">
      <h2>核验清单 <span className="quiet">{done} / {checks.length}</span>{can && mine.length > 0 && <span className="quiet right"><Cap id="tick" /> 勾选 {mine.length > 1 && <><Cap id="checks" /> 下一项</>}</span>}</h2>
      <ul>
        {checks.map((check) => (
          <li key={check.id} id={`check-${check.id}`} className={can && check.id === at?.id ? "check framed" : "check"}>
            <Checkbox checked={check.done !== null} disabled={check.by === "machine" || !can} onChange={(event) => tick(check.id, event.target.checked)}>
              {check.label}
            </Checkbox>
            <span className="quiet">{check.by === "machine" ? (check.done ? "自动" : "自动 · 未过") : check.done?.at ? clockOf(check.done.at, officeNow()) : ""}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
