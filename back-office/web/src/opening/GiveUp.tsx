// Giving an opening up asks once: the same key again.
import { Button, Modal } from "antd";
import { useState } from "react";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { useOpenOpening } from "./opening-context";

interface Props {
  close: () => void;
  given: () => void;
}

function Ask({ close, given }: Props): JSX.Element {
  const { opening, giveUp, trouble } = useOpenOpening();
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    if (await giveUp()) given();
    setBusy(false);
  };
  useKey("leave", close);
  useKey("give-up", () => void run());
  return (
    <>
      <div className="dialog-main">
        <p>再按一次 X，填的内容和扫的材料都清掉，不能找回。</p>
        <p>回执编号 {printed(opening.code)} 就此作废。{opening.from === "kiosk" && "居民可以到任一自助机重新办。"}</p>
        {trouble !== null && <div className="note bad" role="alert">{trouble.words}</div>}
      </div>
      <div className="dialog-foot">
        <span className="quiet" />
        <Button autoFocus onClick={close}>接着办 <Cap id="leave" /></Button>
        <Button danger type="primary" loading={busy} onClick={() => void run()}>不办了 <Cap id="give-up" /></Button>
      </div>
    </>
  );
}

export function GiveUp(props: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={480} className="dialog" footer={null} keyboard={false} onCancel={props.close} title="不办了？">
      <KeyLayer><Ask {...props} /></KeyLayer>
    </Modal>
  );
}
