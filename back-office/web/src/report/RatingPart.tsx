// What people said with one to five stars, in the same period.
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import * as counter from "../api/counter";
import type { Rating } from "../api/counter-types";
import { say } from "../api/problem";
import type { Day } from "../api/types";
import { whole } from "./figures";

function Row({ one, sum = false }: { one: Rating; sum?: boolean }): JSX.Element {
  return (
    <tr className={sum ? "sum" : ""}>
      <th scope="row">{one.item}</th><td>{whole(one.count)}</td><td>{one.average.toFixed(2)}</td>
      {[4, 3, 2, 1, 0].map((star) => <td key={star}>{whole(one.stars[star] ?? 0)}</td>)}
    </tr>
  );
}

export function RatingPart({ from, until, right }: { from: Day; until: Day; right: boolean }): JSX.Element {
  const asked = useQuery({ queryKey: ["ratings", from, until], queryFn: ({ signal }) => counter.ratings(from, until, signal), enabled: right, placeholderData: (old) => old });
  const told = asked.data;
  return (
    <section className="report-part" aria-label="评价">
      <h2>群众评价 {told?.total && <span className="quiet">平均 {told.total.average.toFixed(2)} 星，{whole(told.total.count)} 人评</span>}</h2>
      {asked.isError && <div className="note warn"><span className="grow">{told ? "停在刚才的数。" : "还没有取到。"}{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      {!told && !asked.isError && <Skeleton active={false} />}
      {told && told.total === null && <p className="quiet">这段日子还没有人评价。群众办完在自助机上评，数会出现在这里。</p>}
      {told?.total && (
        <table className="grid">
          <caption className="unseen">评价</caption>
          <thead><tr><th scope="col">事项</th><th scope="col">人数</th><th scope="col">平均</th>{[5, 4, 3, 2, 1].map((star) => <th key={star} scope="col">{star} 星</th>)}</tr></thead>
          <tbody>{told.rows.map((one) => <Row key={one.item} one={one} />)}<Row one={told.total} sum /></tbody>
        </table>
      )}
    </section>
  );
}
