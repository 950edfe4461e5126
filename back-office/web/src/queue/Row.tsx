// One case in the queue: what, until when; whose, where; who holds it.
import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { memo } from "react";
import type { Case } from "../api/types";
import { left } from "../session/clock-words";
import { printed } from "./code";
import { Deadline } from "./Deadline";

interface Props {
  one: Case;
  cursor: boolean;
  open: boolean;
  me: string;
  now: number;
  choose: (id: string) => void;
}

/** Is the lease of this case still running? */
export function isHeld(one: Case, now: number): boolean {
  return one.holder !== null && one.lease_until !== null && Date.parse(one.lease_until) > now;
}

function Holder({ one, me, now }: { one: Case; me: string; now: number }): JSX.Element | null {
  if (isHeld(one, now)) {
    if (one.holder === me) return <span className="pill mine"><UserOutlined />我在办 · 剩 {left(one.lease_until, now)}</span>;
    return <span className="pill other"><LockOutlined />{one.holder_name}在办</span>;
  }
  if (one.erased) return <span className="pill ended">已销毁</span>;
  const tag = one.tags[0];
  if (tag) return <span className={`pill ${tag.kind}`}>{tag.words}</span>;
  return one.deadline.group === "paused" || one.deadline.group === "ended" ? null : <span className="pill free">待领</span>;
}

export const Row = memo(function Row({ one, cursor, open, me, now, choose }: Props): JSX.Element {
  const mine = one.holder === me && isHeld(one, now);
  return (
    <div
      id={`row-${one.id}`}
      role="option"
      aria-selected={open}
      className={`row ${one.deadline.group} ${cursor ? "cursor" : ""} ${open ? "open" : ""} ${mine ? "held" : ""}`}
      onClick={() => choose(one.id)}
    >
      <div className="row-line"><span className="row-title">{one.title}</span><Deadline deadline={one.deadline} /></div>
      <div className="row-line row-who">
        <span className="row-name">{one.applicant ?? (one.erased ? "已过保存期限" : "姓名打开后见")}</span>
        {!one.erased && <span>{printed(one.code)}</span>}
        <span className="row-branch">{one.branch_name}</span>
        <Holder one={one} me={me} now={now} />
      </div>
    </div>
  );
});
