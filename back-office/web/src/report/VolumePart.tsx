// Volumes of a period beside the same days a year before: base, change, percentage, and how it was rounded, in words.
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import type { Day } from "../api/types";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { Bars } from "./Bars";
import { changeWords, percentWords, signed, whole } from "./figures";

export function VolumePart({ from, until, right }: { from: Day; until: Day; right: boolean }): JSX.Element {
  const asked = useQuery({ queryKey: ["volume", from, until], queryFn: ({ signal }) => counter.volumes(from, until, signal), enabled: right, placeholderData: (old) => old });
  const told = asked.data;
  useKey("file", () => document.getElementById("volume-file")?.click(), right);
  return (
    <section className="report-part" aria-label="业务量">
      <h2>业务量 {told && <span className="quiet">{told.from} 至 {told.until}，对比 {told.base_from} 至 {told.base_until}</span>}</h2>
      {asked.isError && <div className="note warn"><span className="grow">{told ? "停在刚才的数。" : "还没有取到。"}{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      {!told && !asked.isError && <Skeleton active={false} />}
      {told && (
        <>
          <p className="report-sum"><strong>{changeWords(told.total)}</strong></p>
          <p className="quiet">{told.rounding_words} <a id="volume-file" href={counter.volumesFile(told.from, told.until)} download>取下这张表（CSV）</a> <Cap id="file" /></p>
          <div className="report-tables">
            <table className="grid wide">
              <caption>按事项</caption>
              <thead><tr><th scope="col">事项</th><th scope="col">本期</th><th scope="col">上年同期</th><th scope="col">增减</th><th scope="col">百分比</th></tr></thead>
              <tbody>
                {told.rows.map((row) => <tr key={row.item}><th scope="row">{row.item}</th><td>{whole(row.count)}</td><td>{whole(row.base)}</td><td>{signed(row.delta)}</td><td>{percentWords(row.percent)}</td></tr>)}
                <tr className="sum"><th scope="row">{told.total.item}</th><td>{whole(told.total.count)}</td><td>{whole(told.total.base)}</td><td>{signed(told.total.delta)}</td><td>{percentWords(told.total.percent)}</td></tr>
              </tbody>
            </table>
            {told.total.base > 0 && <Bars question="哪些事项比上年同期变得最多？" bars={told.rows.map((row) => ({ name: row.item, value: row.delta, words: `${signed(row.delta)} 件` }))} />}
          </div>
        </>
      )}
    </section>
  );
}
