// A closed case opens only with a reason, which is written down.
import { Button, Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useRef } from "react";
import type { Case } from "../api/types";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { useDraft } from "./drafts";
import { Waiting } from "./Waiting";

const SHORTEST = 4;

interface Props {
  id: string;
  row: Case | undefined;
  /** It ended under the eyes of somebody who had it open: their keys stay keys, nothing takes the hand into a field. */
  justEnded: boolean;
  open: (reason: string) => void;
  close: () => void;
}

export function ReasonAsk({ id, row, justEnded, open, close }: Props): JSX.Element {
  const [reason, setReason] = useDraft(id, "reason", "");
  const enough = reason.trim().length >= SHORTEST;
  const field = useRef<TextAreaRef>(null);
  useKey("note", () => field.current?.focus());
  useKey("leave", close);
  useKey("send", () => enough && open(reason.trim()));
  return (
    <Waiting row={row}>
      <div className="reason-ask">
        <h2>这件已经办结。为什么要看？</h2>
        {justEnded && <p>您开着的时候，同事刚办结了它。还要看的话按 <Cap id="note" /> 写理由；不看就接着办别的。</p>}
        <p>请写一句理由。谁在什么时候看过、写了理由，都记入审计。</p>
        <Input.TextArea aria-label="查看理由" ref={field} autoFocus={!justEnded} rows={3} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} placeholder="例如：当事人来问领取时间" />
        <div className="reason-ask-acts">
          <Button onClick={close}>不看了 <kbd>Esc</kbd></Button>
          <Button type="primary" disabled={!enough} onClick={() => open(reason.trim())}>写好，打开 <kbd>Ctrl</kbd> <kbd>Enter</kbd></Button>
        </div>
      </div>
    </Waiting>
  );
}
