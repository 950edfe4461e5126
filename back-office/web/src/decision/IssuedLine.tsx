// Under an approved case, instead of decisions: whether it was issued, and where what was issued is.
import { Button } from "antd";
import type { Collection } from "../api/counter-types";
import { useIssuing, standing } from "../issue/IssuePane";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { may, useSession } from "../session/session";
import { useOpenCase } from "./case-context";

const PLACE: Record<Collection["state"], string> = { ready: "在领取台，等来领", collected: "已领走", posted: "已寄出" };

export function IssuedLine({ issue }: { issue: () => void }): JSX.Element | null {
  const { id, one } = useOpenCase();
  const { me, ended } = useSession();
  const sees = may(me, "collect") && may(me, "issue");
  const asked = useIssuing(id, one.code, sees && !ended);
  const found = asked.data && standing(asked.data, id);
  const waits = found?.waits !== undefined;
  useKey("issue", issue, waits);
  if (!sees || !found) return null;
  if (waits) return <div className="issued-line"><span className="grow">已准予办结，还没有发证。</span><Button type="primary" onClick={issue}>办结发证 <Cap id="issue" /></Button></div>;
  return <p className="issued-line">{found.issued ? `已发证，编号 ${found.issued.number ?? "读不出"}，${PLACE[found.issued.state]}。` : "结果当场已给，不用在窗口发证。"}</p>;
}
