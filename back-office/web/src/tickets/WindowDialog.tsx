// Which window people are called to.
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { LONGEST_WINDOW } from "./window";

interface Props {
  window: string | null;
  close: () => void;
  choose: (window: string) => void;
}

function Inside({ window, close, choose }: Props): JSX.Element {
  const [text, setText] = useState(window ?? "");
  const take = (): void => {
    if (text.trim() !== "") choose(text);
  };
  useKey("leave", close);
  return (
    <>
      <div className="dialog-main">
        <label className="block" htmlFor="window-name">请人到哪个窗口 <span className="quiet">数字或名称，至多 {LONGEST_WINDOW} 字。这台电脑会记住。</span></label>
        <Input id="window-name" autoFocus maxLength={LONGEST_WINDOW} value={text} onFocus={(event) => event.target.select()} onChange={(event) => setText(event.target.value)} onPressEnter={take} />
      </div>
      <div className="dialog-foot">
        <span className="quiet">大厅的屏幕和喊话都用这个名字。</span>
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" disabled={text.trim() === ""} onClick={take}>记住 <Cap id="yes" /></Button>
      </div>
    </>
  );
}

export function WindowDialog(props: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={480} className="dialog" footer={null} keyboard={false} onCancel={props.close} title="您在几号窗口">
      <KeyLayer><Inside {...props} /></KeyLayer>
    </Modal>
  );
}
