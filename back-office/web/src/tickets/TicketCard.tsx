// The chosen number in large type, and what can be done with it now.
import { Button } from "antd";
import { useState } from "react";
import * as counter from "../api/counter";
import type { Ticket } from "../api/counter-types";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { absentOffered, CALLS_BEFORE_ABSENT, standWords, waitedWords } from "./words";

interface Props {
  ticket: Ticket;
  window: string;
  busy: boolean;
  step: (job: () => Promise<Ticket>) => Promise<void>;
  openCase: (id: string) => void;
}

export function TicketCard({ ticket, window, busy, step, openCase }: Props): JSX.Element {
  const [asking, setAsking] = useState(false);
  const { number, state } = ticket;
  const callable = state !== "served" && window !== "";
  const servable = state === "waiting" || state === "called";
  const absent = absentOffered(ticket);
  const call = (): void => void step(() => (state === "called" ? counter.recall(number, ticket.window ?? window) : counter.callNumber(number, window)));
  const done = (): void => void step(() => counter.served(number, window));
  const gone = (): void => {
    if (!asking) {
      setAsking(true);
      return;
    }
    setAsking(false);
    void step(() => counter.noShow(number));
  };
  useKey("ticket-call", call, callable && !busy);
  useKey("ticket-served", done, servable && !busy);
  useKey("ticket-absent", gone, absent && !busy);
  useKey("leave", () => setAsking(false), asking);
  return (
    <div className="ticket-card">
      <p className="ticket-number">{number}</p>
      <h2>{ticket.title}</h2>
      <dl className="facts">
        <div><dt>现在</dt><dd>{standWords(ticket)}</dd></div>
        <div><dt>取号</dt><dd>{clockOf(ticket.drawn_at, officeNow())}，{waitedWords(state === "waiting" ? "已等" : "叫到前等了", ticket.waited_minutes)}</dd></div>
        {ticket.called_at !== null && <div><dt>上次叫</dt><dd>{clockOf(ticket.called_at, officeNow())}</dd></div>}
        <div><dt>业务线</dt><dd>{ticket.branch_name}</dd></div>
      </dl>
      <div className="acts">
        <Button type={state === "waiting" ? "primary" : "default"} disabled={!callable} loading={busy} onClick={call}>{state === "called" ? "再叫一次" : state === "no-show" ? "再叫这个号" : "叫这个号"} <Cap id="ticket-call" /></Button>
        <Button type={state === "called" ? "primary" : "default"} onClick={() => openCase(ticket.case_id)}>打开办件 <Cap id="open" /></Button>
        <Button disabled={!servable} onClick={done}>已接待 <Cap id="ticket-served" /></Button>
        <Button danger disabled={!absent} onClick={gone}>未到 <Cap id="ticket-absent" /></Button>
      </div>
      <div aria-live="polite">
        {asking && <div className="note warn"><span className="grow">再按一次 X，{number} 就按未到处理。人来了还能再叫。</span><Button size="small" onClick={() => setAsking(false)}>再等等 <Cap id="leave" /></Button></div>}
        {state === "called" && !absent && <p className="quiet">叫满 {CALLS_BEFORE_ABSENT} 次还没来，才能按未到处理。</p>}
      </div>
    </div>
  );
}
