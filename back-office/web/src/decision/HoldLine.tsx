// Under the buttons: how long the case is still mine, or the way to make it mine.
import { Button } from "antd";
import { Cap } from "../keys/Cap";
import { useNow } from "../session/clock";
import { left } from "../session/clock-words";
import { may, useSession } from "../session/session";
import { useOpenCase } from "./case-context";
import { DrawNumber } from "./DrawNumber";

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
  const soon = one.lease_until !== null && Date.parse(one.lease_until) - now < SOON_MS;
  return (
    <div className="hold">
      {holding === "mine" ? (
        <span className={soon ? "pill today" : "quiet"}>领办剩 {left(one.lease_until, now)}{soon ? "，动一下键盘即续期" : <span className="hold-more">，操作即续期</span>}</span>
      ) : (
        (holding === "free" || holding === "lost") && may(me, "claim") && <Button type="primary" onClick={claim}>{holding === "lost" ? "重新领办" : "领办"} <Cap id="claim" /></Button>
      )}
      <span className="grow" />
      <DrawNumber shown={holding !== "mine" || !soon} />
      {handsOver && <Button type="text" onClick={assign}>移交 <Cap id="assign" /></Button>}
      {holding === "mine" && <Button type="text" onClick={release}>放回 <Cap id="release" /></Button>}
    </div>
  );
}
