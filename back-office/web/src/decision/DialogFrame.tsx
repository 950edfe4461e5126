// The frame of every decision dialog: title, main part, what the resident will read beside it, the acts below.
// Esc closes and keeps what is written; a lease that ran out meanwhile is said inside the dialog.
import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import type { KeyId } from "../keys/table";
import { printed } from "../queue/code";
import { useOpenCase } from "./case-context";
import { LostLease } from "./Standing";

interface Props {
  title: string;
  width: number;
  close: () => void;
  claim?: () => void;
  side?: ReactNode;
  children: ReactNode;
  /** What happens then, left of the acts. */
  foot: string;
  send: { label: string; key: KeyId; ready: boolean; busy: boolean; bad?: boolean; run: () => void };
}

export function DialogFrame(props: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={props.width} className="dialog" footer={null} keyboard={false} maskClosable={false} onCancel={props.close} title={<Title words={props.title} />}>
      <KeyLayer><Inside {...props} /></KeyLayer>
    </Modal>
  );
}

function Title({ words }: { words: string }): JSX.Element {
  const { one, detail } = useOpenCase();
  return <>{words} · {one.title}<span className="quiet">{printed(one.code)}</span><span className="quiet">{detail.applicant.name}</span></>;
}

function Inside({ close, claim, side, children, foot, send }: Props): JSX.Element {
  const { holding } = useOpenCase();
  const mine = holding === "mine";
  const ready = send.ready && mine && !send.busy;
  useKey("leave", close);
  useKey(send.key, send.run, ready);
  useKey("claim", () => claim?.(), holding === "lost" && claim !== undefined);
  return (
    <>
      {holding === "lost" && <div className="dialog-note"><LostLease /></div>}
      <div className={side === undefined ? "dialog-split" : "dialog-split two"}>
        <div className="dialog-main">{children}</div>
        {side !== undefined && <div className="dialog-side" tabIndex={0} role="group" aria-label="当事人看到的">{side}</div>}
      </div>
      <div className="dialog-foot">
        <span className="quiet">{foot}</span>
        {holding === "lost" && claim && <Button onClick={claim}>重新领办 <Cap id="claim" /></Button>}
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" danger={send.bad} disabled={!ready} loading={send.busy} onClick={send.run}>{send.label} <Cap id={send.key} /></Button>
      </div>
    </>
  );
}
