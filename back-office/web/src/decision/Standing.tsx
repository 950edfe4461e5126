// What stands before a decision, in words above the buttons: who holds the case, what is lost, who decided first, what is not checked.
import { ClockCircleOutlined, LockOutlined, TeamOutlined, WarningOutlined } from "@ant-design/icons";
import type { Choice } from "../api/types";
import { useSession } from "../session/session";
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { useOpenCase } from "./case-context";
import { decisionWords } from "./choices";
import { useWritten } from "./drafts";
import { isHeld } from "../queue/Row";

/** The case was mine and is not any more: what is kept, what to do. */
export function LostLease(): JSX.Element {
  const { id, one } = useOpenCase();
  const written = useWritten(id);
  const kept = written ? "您写的都还在这一页。" : "";
  const taken = isHeld(one, officeNow());
  return (
    <div className="note bad" role="alert">
      <ClockCircleOutlined />
      <span className="grow">
        {taken
          ? `领办已到期，现在由${one.holder_name ?? "同事"}在办。${kept}需要时把写的内容告诉对方。`
          : `领办已到期，现在没有人在办。${kept}按 C 重新领办，接着办。`}
      </span>
    </div>
  );
}

/** Two officers must decide the same: who was first, and what. */
function Second(): JSX.Element | null {
  const { one } = useOpenCase();
  const { me } = useSession();
  const first = one.second;
  if (first === null) return null;
  const when = clockOf(first.at, officeNow());
  return (
    <div className="note violet">
      <TeamOutlined />
      <span className="grow">
        {first.officer === me.id
          ? `您 ${when} 已决定：${decisionWords(first.decision)}。这件要两人核，请另一位同事来作第二次决定。`
          : `${first.officer_name} ${when} 已决定：${decisionWords(first.decision)}。您作同样的决定才生效；作别的决定，就以您的为准。`}
      </span>
    </div>
  );
}

export function Standing({ agree }: { agree: Choice | undefined }): JSX.Element {
  const { one, holding } = useOpenCase();
  return (
    <div className="standing" aria-live="polite">
      <Second />
      {holding === "lost" && <LostLease />}
      {holding === "other" && (
        <div className="note info"><LockOutlined /><span className="grow">{one.holder_name ?? "同事"}在办，到 {clockOf(one.lease_until ?? "", officeNow())}。您可以看；需要时请对方移交。</span></div>
      )}
      {holding === "closed" && <div className="note info"><LockOutlined /><span className="grow">{one.word}，只能看。</span></div>}
      {holding === "free" && <div className="note info"><LockOutlined /><span className="grow">还没有人领办。领办后才能核验和决定。</span></div>}
      {holding === "mine" && agree && !agree.allowed && agree.why_not.length > 0 && (
        <p className="why-not"><WarningOutlined /> 还有 {agree.why_not.length} 项未核，暂不能{agree.label}：{agree.why_not.join("；")}</p>
      )}
    </div>
  );
}
