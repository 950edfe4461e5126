// An issued certificate as it will lie on the desk, and its printing. The first printing belongs to the issuing; every
// later one has a reason, which the office keeps sealed.
import { App as Kit, Button } from "antd";
import { useState } from "react";
import * as counter from "../api/counter";
import type { Collection } from "../api/counter-types";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { PdfStage } from "../papers/PdfStage";
import { PLAIN } from "../papers/view";
import { printPaper } from "./print";
import { ReprintDialog } from "./ReprintDialog";

/** Hands the paper to the printer and says how that went; for every place that prints. */
export function usePrint(): { busy: boolean; print: (id: string) => Promise<boolean> } {
  const { message } = Kit.useApp();
  const [busy, setBusy] = useState(false);
  const print = async (id: string): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    try {
      await printPaper(counter.paperAddress(id));
      void message.success("已交给浏览器打印。没出纸就按 R 补打，写明原因。");
      return true;
    } catch {
      void message.error("没有打印：证明没有取到。证明完好，请再试一次。");
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, print };
}

export function PaperShown({ row, first }: { row: Collection; first: boolean }): JSX.Element {
  const { busy, print } = usePrint();
  const [fresh, setFresh] = useState(first);
  const [asking, setAsking] = useState(false);
  const begin = async (): Promise<void> => {
    if (await print(row.id)) setFresh(false);
  };
  useKey("print", () => void begin(), fresh && !busy);
  useKey("again", () => setAsking(true), !fresh && !busy);
  return (
    <div className="paper-shown">
      <div className="paper-line">
        <h2>已出具</h2>
        <span>编号 <strong>{row.number}</strong></span>
        <span className="grow" />
        {fresh ? <Button type="primary" loading={busy} onClick={() => void begin()}>打印 <Cap id="print" /></Button> : <Button loading={busy} onClick={() => setAsking(true)}>补打 <Cap id="again" /></Button>}
      </div>
      <div className="paper-stage viewer dark"><PdfStage address={counter.paperAddress(row.id)} title={row.title} view={PLAIN} /></div>
      {asking && <ReprintDialog row={row} close={() => setAsking(false)} done={() => { setAsking(false); void print(row.id); }} />}
    </div>
  );
}
