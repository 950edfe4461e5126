// For whoever answers for the station: today, volumes beside the year before, and what people said. Figures first.
import { Button, Input, type InputRef } from "antd";
import { useRef, useState } from "react";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { officeNow } from "../session/clock";
import { BoardPart } from "./BoardPart";
import { dayOf, lackOfPeriod, yearBegins } from "./figures";
import { RatingPart } from "./RatingPart";
import { VolumePart } from "./VolumePart";
import "./report.css";

export function ReportPage(): JSX.Element {
  const today = dayOf(officeNow());
  const [from, setFrom] = useState(yearBegins(today));
  const [until, setUntil] = useState(today);
  const field = useRef<InputRef>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const lack = lackOfPeriod(from, until);
  useKey("period", () => field.current?.focus());
  const move = (by: number): void => scroll.current?.scrollBy({ top: by * 160 });
  useKey("down", () => move(1));
  useKey("up", () => move(-1));
  return (
    <main className="page report">
      <header className="page-head">
        <h1>督导</h1>
        <span className="grow" />
        <label htmlFor="report-from">从哪天</label>
        <Input id="report-from" ref={field} inputMode="numeric" maxLength={10} placeholder="年-月-日" className="report-day" value={from} onChange={(event) => setFrom(event.target.value)} />
        <label htmlFor="report-until">到哪天</label>
        <Input id="report-until" inputMode="numeric" maxLength={10} placeholder="年-月-日" className="report-day" value={until} onChange={(event) => setUntil(event.target.value)} />
        <Cap id="period" />
        <Button size="small" onClick={() => { setFrom(yearBegins(today)); setUntil(today); }}>今年到今天</Button>
      </header>
      {lack !== null && <div className="note warn page-note" role="alert">{lack}表里还是上一段日子的数。</div>}
      <div className="report-scroll" ref={scroll} tabIndex={0} role="region" aria-label="数字，可用方向键移动">
        <BoardPart />
        <VolumePart from={from} until={until} right={lack === null} />
        <RatingPart from={from} until={until} right={lack === null} />
      </div>
    </main>
  );
}
