// The frame of a dialog that belongs to no open case: title, main part, the acts below. Esc closes, Ctrl Enter sends.
import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";

interface Props {
  title: string;
  close: () => void;
  foot: string;
  send: { label: string; ready: boolean; busy: boolean; run: () => void };
  children: ReactNode;
}

function Inside({ close, foot, send, children }: Props): JSX.Element {
  const ready = send.ready && !send.busy;
  useKey("leave", close);
  useKey("send", send.run, ready);
  return (
    <>
      <div className="dialog-main">{children}</div>
      <div className="dialog-foot">
        <span className="quiet">{foot}</span>
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" disabled={!ready} loading={send.busy} onClick={send.run}>{send.label} <Cap id="send" /></Button>
      </div>
    </>
  );
}

export function DeskDialog(props: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={620} className="dialog" footer={null} keyboard={false} maskClosable={false} onCancel={props.close} title={props.title}>
      <KeyLayer><Inside {...props} /></KeyLayer>
    </Modal>
  );
}
