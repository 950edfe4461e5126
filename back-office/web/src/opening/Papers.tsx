// The papers of an opening by number: scanned or uploaded, seen at the counter, or to follow later.
import { Button } from "antd";
import { useRef, useState } from "react";
import { FILE_TYPES, type OpeningPaper } from "../api/openings";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { useOpenOpening } from "./opening-context";
import { Pages } from "./Pages";

/** What "shown" means: portrait and signature are made at the counter, some things are only done in person, papers are looked at. */
function shownWords(paper: OpeningPaper): string {
  if (paper.key.startsWith("field:")) return "在窗口办";
  return paper.may_be_scanned ? "已看原件" : "已当面办";
}

function standing(paper: OpeningPaper): { words: string; kind: string } {
  switch (paper.state) {
    case "missing":
      return { words: "还没有", kind: "warn" };
    case "scanned":
      return { words: `已有 ${paper.pages} 页`, kind: "ok" };
    case "shown":
      return { words: `${shownWords(paper)}${paper.pages > 0 ? `，${paper.pages} 页` : ""}`, kind: "ok" };
    case "later":
      return { words: "以后补", kind: "violet" };
  }
}

interface Props {
  chosen: string | null;
  choose: (key: string) => void;
}

export function Papers({ chosen, choose }: Props): JSX.Element {
  const { opening, mark, pages, saving } = useOpenOpening();
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [seeing, setSeeing] = useState(false);
  const papers = opening.papers;
  const now = papers.find((one) => one.key === chosen);
  useKey("which-paper", (digit) => {
    const wanted = papers[Number(digit) - 1];
    if (!wanted) return;
    choose(wanted.key);
    document.getElementById(`opening-paper-${wanted.key}`)?.focus();
  }, papers.length > 0);
  const toggle = (state: "shown" | "later"): void => {
    if (!now || saving) return;
    const set = state === "shown" ? now.seen : now.state === "later";
    // Taking a word back would take scanned pages with it; those are only cleared on purpose.
    if (set && now.pages > 0) return;
    void mark(now.key, set ? "none" : state);
  };
  const canLater = now !== undefined && now.may_be_later;
  const canClear = now !== undefined && now.pages > 0;
  const scan = (): void => picker.current?.click();
  const clear = (): void => {
    if (now && !saving) void mark(now.key, "none");
  };
  const canScan = now !== undefined && now.may_be_scanned;
  const canSee = now !== undefined && now.pages_list.length > 0;
  useKey("see-paper", () => setSeeing(true), canSee);
  useKey("scan-paper", scan, canScan);
  useKey("shown-paper", () => toggle("shown"), now !== undefined);
  useKey("later-paper", () => toggle("later"), canLater);
  useKey("clear-paper", clear, canClear);
  const take = (files: readonly File[]): void => {
    if (now && canScan && files.length > 0) void pages(now.key, files);
  };
  const lacking = papers.filter((one) => one.state === "missing").length;
  return (
    <div
      className={over ? "opapers over" : "opapers"}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); take([...event.dataTransfer.files]); }}
    >
      <h2>材料 <span className="quiet">{papers.length} 份{lacking > 0 && `，还差 ${lacking} 份`}</span></h2>
      {papers.length === 0 && <p className="quiet opapers-none">这项业务不收材料。</p>}
      <ol aria-label="材料">
        {papers.map((paper, at) => {
          const is = standing(paper);
          const own = paper.key === now?.key;
          return (
            <li key={paper.key} className={own ? "opaper now" : "opaper"}>
              <button type="button" id={`opening-paper-${paper.key}`} className="opaper-row" aria-current={own} onClick={() => choose(paper.key)} onFocus={() => choose(paper.key)}>
                {at < 9 ? <kbd aria-hidden="true">{at + 1}</kbd> : <span />}
                <span className="opaper-title">{paper.title}</span>
                <span className={`pill ${is.kind}`}>{is.words}</span>
              </button>
              {own && (
                <div className="opaper-acts">
                  {paper.help !== null && <p className="quiet">{paper.help}</p>}
                  {canSee && <Button size="small" onClick={() => setSeeing(true)}>看这 {paper.pages_list.length} 页 <Cap id="see-paper" /></Button>}
                  {canScan && <Button size="small" onClick={scan}>{paper.pages > 0 ? "再加一页" : "加扫描件"} <Cap id="scan-paper" /></Button>}
                  <Button size="small" aria-pressed={paper.seen} type={paper.seen ? "primary" : "default"} onClick={() => toggle("shown")}>{shownWords(paper)} <Cap id="shown-paper" /></Button>
                  {canLater && <Button size="small" aria-pressed={paper.state === "later"} type={paper.state === "later" ? "primary" : "default"} onClick={() => toggle("later")}>以后补 <Cap id="later-paper" /></Button>}
                  {canClear && <Button size="small" onClick={clear}>清掉 <Cap id="clear-paper" /></Button>}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {seeing && now !== undefined && canSee && <Pages paper={now} close={() => setSeeing(false)} />}
      <input
        ref={picker} type="file" hidden multiple accept={FILE_TYPES.join(",")} aria-label="扫描件"
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </div>
  );
}
