// Today: the figures first, then by branch and by officer, then the one question which branch waits most.
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import { clockOf } from "../session/clock-words";
import { officeNow } from "../session/clock";
import { useSession } from "../session/session";
import { waitWords } from "../tickets/words";
import { Bars } from "./Bars";
import { whole } from "./figures";

const FRESH_MS = 20_000;

function Figure({ name, value, bad = false }: { name: string; value: string; bad?: boolean }): JSX.Element {
  return <div className={bad ? "figure bad" : "figure"}><dt>{name}</dt><dd>{value}</dd></div>;
}

export function BoardPart(): JSX.Element {
  const { ended } = useSession();
  const asked = useQuery({ queryKey: ["board"], queryFn: ({ signal }) => counter.board(signal), refetchInterval: FRESH_MS, enabled: !ended });
  const board = asked.data;
  return (
    <section className="report-part" aria-label="今天">
      <h2>今天 {board && <span className="quiet">{clockOf(board.now, officeNow())} 的数</span>}</h2>
      {asked.isError && <div className="note warn"><span className="grow">{board ? "停在刚才的数。" : "还没有取到。"}{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      {!board && !asked.isError && <Skeleton active={false} />}
      {board && (
        <>
          <dl className="figures">
            <Figure name="等叫号" value={`${whole(board.waiting)} 人`} />
            <Figure name="等得最久" value={board.waiting === 0 ? "没有人等" : waitWords(board.longest_wait_minutes)} />
            <Figure name="未办结" value={`${whole(board.open)} 件`} />
            <Figure name="超期" value={`${whole(board.overdue)} 件`} bad={board.overdue > 0} />
            <Figure name="今天已决定" value={`${whole(board.by_branch.reduce((sum, one) => sum + one.decided_today, 0))} 件`} />
          </dl>
          <div className="report-tables">
            <table className="grid">
              <caption>按业务线</caption>
              <thead><tr><th scope="col">业务线</th><th scope="col">等叫号</th><th scope="col">未办结</th><th scope="col">超期</th><th scope="col">今天已决定</th></tr></thead>
              <tbody>{board.by_branch.map((one) => <tr key={one.branch}><th scope="row">{one.branch_name}</th><td>{whole(one.waiting)}</td><td>{whole(one.open)}</td><td className={one.overdue > 0 ? "bad" : ""}>{whole(one.overdue)}</td><td>{whole(one.decided_today)}</td></tr>)}</tbody>
            </table>
            <table className="grid">
              <caption>按民警</caption>
              <thead><tr><th scope="col">民警</th><th scope="col">手上在办</th><th scope="col">今天已决定</th></tr></thead>
              <tbody>{board.by_officer.map((one) => <tr key={one.officer}><th scope="row">{one.officer_name}</th><td>{whole(one.holding)}</td><td>{whole(one.decided_today)}</td></tr>)}</tbody>
            </table>
            <Bars question="哪条业务线未办结最多？" bars={board.by_branch.map((one) => ({ name: one.branch_name, value: one.open, words: `${whole(one.open)} 件` }))} />
          </div>
        </>
      )}
    </section>
  );
}
