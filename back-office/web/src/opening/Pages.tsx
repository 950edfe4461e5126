// The pages of one paper of an opening, large: what came from the machine and what was scanned is looked at before it counts.
import { Button, Modal } from "antd";
import { useState } from "react";
import { pageAddress, type OpeningPaper } from "../api/openings";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { Sheet } from "../papers/Sheet";
import { larger, PLAIN, smaller, turned, type View } from "../papers/view";
import { Watermark } from "../papers/Watermark";
import { useOpenOpening } from "./opening-context";

interface Props {
  paper: OpeningPaper;
  close: () => void;
}

function Inside({ paper, close }: Props): JSX.Element | null {
  const { opening } = useOpenOpening();
  const [at, setAt] = useState(0);
  const [view, setView] = useState<View>(PLAIN);
  const pages = paper.pages_list;
  const shown = Math.min(at, pages.length - 1);
  const page = pages[shown];
  const go = (to: number): void => {
    setAt(to);
    setView(PLAIN);
  };
  useKey("leave", close);
  useKey("page-back", () => go(shown - 1), shown > 0);
  useKey("page-on", () => go(shown + 1), shown < pages.length - 1);
  useKey("larger", () => setView(larger));
  useKey("smaller", () => setView(smaller));
  useKey("fit", () => setView(PLAIN));
  useKey("turn-left", () => setView((old) => turned(old, -90)));
  useKey("turn-right", () => setView((old) => turned(old, 90)));
  if (page === undefined) return null;
  return (
    <>
      <div className="viewer dark opages">
        <div className="stages">
          <Sheet key={page.attachment} address={pageAddress(opening.id, page.attachment)} page={page} title={`${paper.title} 第 ${shown + 1} 页`} view={view} />
          <Watermark />
        </div>
      </div>
      <div className="dialog-foot">
        <span className="quiet">第 {shown + 1} / {pages.length} 页，看过记入审计</span>
        <Button disabled={shown === 0} onClick={() => go(shown - 1)}>上一页 <Cap id="page-back" /></Button>
        <Button disabled={shown >= pages.length - 1} onClick={() => go(shown + 1)}>下一页 <Cap id="page-on" /></Button>
        <Button onClick={() => setView((old) => turned(old, 90))}>右转 <Cap id="turn-right" /></Button>
        <Button onClick={() => setView(larger)}>放大 <Cap id="larger" /></Button>
        <Button type="primary" autoFocus onClick={close}>看好了 <Cap id="leave" /></Button>
      </div>
    </>
  );
}

export function Pages(props: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={960} className="dialog" footer={null} keyboard={false} onCancel={props.close} title={props.paper.title}>
      <KeyLayer><Inside {...props} /></KeyLayer>
    </Modal>
  );
}
