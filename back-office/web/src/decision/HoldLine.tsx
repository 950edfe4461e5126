// Under the buttons: how long the case is still mine, or the way to make it mine.
import { App as Kit, Button } from "antd";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { useNow } from "../session/clock";
import { left } from "../session/clock-words";
import { may, useSession } from "../session/session";
import { useOpenCase } from "./case-context";

const SOON_MS = 120_000;

interface Props {
  claim: () => void;
  release: () => void;
  assign: () => void;
  handsOver: boolean;
}

export function HoldLine({ claim, release, assign, handsOver }: Props): JSX.Element {
  const { one, holding } = useOpenCase();
  const { me } = useSession();
  const now = useNow(1000);
  const { message } = Kit.useApp();
  const draws = may(me, "tickets") && one.deadline.group !== "ended";
  const draw = async (): Promise<void> => {
    try {
      void message.success(`已取号 ${(await counter.drawNumber(one.id)).number}，请告诉来人。`);
    } catch (problem) {
      void message.error(`没有取号。${say(problem)}`);
    }
  };
  useKey("draw", () => void draw(), draws);
  const soon = one.lease_until !== null && Date.parse(one.lease_until) - now < SOON_MS;
  return (
    <div className="hold">
      {holding === "mine" ? (
        <span className={soon ? "pill today" : "quiet"}>领办剩 {left(one.lease_until, now)}{soon ? "，动一下键盘即续期" : <span className="hold-more">，操作即续期</span>}</span>
      ) : (
        (holding === "free" || holding === "lost") && may(me, "claim") && <Button type="primary" onClick={claim}>{holding === "lost" ? "重新领办" : "领办"} <Cap id="claim" /></Button>
      )}
      <span className="grow" />
      {draws && one.ticket === null && <Button type="text" onClick={() => void draw()}>取号 <Cap id="draw" /></Button>}
      {handsOver && <Button type="text" onClick={assign}>移交 <Cap id="assign" /></Button>}
      {holding === "mine" && <Button type="text" onClick={release}>放回 <Cap id="release" /></Button>}
    </div>
  );
}
