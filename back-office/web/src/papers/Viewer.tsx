// The dark viewer: one page or two side by side, its bar of acts below, every act with its key.
import { ZoomInOutlined } from "@ant-design/icons";
import { Select } from "antd";
import { useState, type ReactNode } from "react";
import { pictureAddress } from "../api/office";
import type { Earlier, Page, Paper } from "../api/types";
import { pagesBefore } from "../decision/earlier";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import type { KeyId } from "../keys/table";
import { Sheet } from "./Sheet";
import { larger, PLAIN, smaller, turned, type View } from "./view";
import { Watermark } from "./Watermark";

interface Props {
  caseId: string;
  papers: Paper[];
  /** What stood before a supplement: its pages can be put beside what is there now. */
  earlier: Earlier[];
  paper: Paper | undefined;
  number: number;
}

interface Act {
  id: KeyId;
  label: string;
  run: () => void;
  on: boolean;
}

function useActs(acts: readonly Act[]): void {
  // The list is the same length in the same order in every call.
  acts.forEach((act) => useKey(act.id, act.run, act.on));
}

/** All pages of all papers, for the second pane. */
function shelf(papers: readonly Paper[]): { value: string; label: string; page: Page }[] {
  return papers.flatMap((paper) =>
    paper.pages.map((page, at) => ({ value: page.attachment, label: paper.pages.length > 1 ? `${paper.title} 第 ${at + 1} 页` : paper.title, page })),
  );
}

export function Viewer({ caseId, papers, earlier, paper, number }: Props): JSX.Element {
  const [at, setAt] = useState(0);
  const [views, setViews] = useState<Record<string, View>>({});
  const [beside, setBeside] = useState<string | null>(null);
  const pages = paper?.pages ?? [];
  const page = pages[Math.min(at, pages.length - 1)];
  const shown = pages.length === 0 ? 0 : Math.min(at, pages.length - 1) + 1;
  const old = pagesBefore(earlier);
  const all = [...shelf(papers), ...old];
  const other = beside === null ? undefined : all.find((one) => one.value === beside);
  const view = (page && views[page.attachment]) ?? PLAIN;
  const change = (to: (view: View) => View): void => {
    if (page) setViews({ ...views, [page.attachment]: to(view) });
  };
  const toggleBeside = (): void => {
    const here = all.findIndex((one) => one.value === page?.attachment);
    // What the same paper was before it was brought again comes first.
    const was = old.find((one) => paper !== undefined && one.label.startsWith(`补正前 · ${paper.title}`));
    setBeside(beside === null ? ((was ?? all[here + 1] ?? all[0])?.value ?? null) : null);
  };
  const on = page !== undefined;
  const acts: readonly Act[] = [
    { id: "larger", label: "放大", run: () => change(larger), on },
    { id: "smaller", label: "缩小", run: () => change(smaller), on },
    { id: "fit", label: "原大", run: () => change(() => PLAIN), on },
    { id: "turn-left", label: "左转", run: () => change((old) => turned(old, -90)), on },
    { id: "turn-right", label: "右转", run: () => change((old) => turned(old, 90)), on },
    { id: "beside", label: "并排", run: toggleBeside, on: on && all.length > 1 },
    { id: "page-back", label: "上一页", run: () => setAt(Math.max(0, shown - 2)), on: shown > 1 },
    { id: "page-on", label: "下一页", run: () => setAt(shown), on: shown < pages.length },
  ];
  useActs(acts);

  const button = (id: KeyId, inside: ReactNode, named = false): JSX.Element | null => {
    const act = acts.find((one) => one.id === id);
    return act === undefined ? null : (
      <button type="button" disabled={!act.on} onClick={act.run} title={act.label}>{!named && <span className="unseen">{act.label}</span>}{inside}</button>
    );
  };

  return (
    <div className="viewer dark">
      <div className={other ? "stages two" : "stages"}>
        {page && paper ? (
          <Sheet key={page.attachment} address={pictureAddress(caseId, page.attachment)} page={page} title={`${paper.title} 第 ${shown} 页`} view={view} />
        ) : (
          <div className="stage"><div className="stage-words"><p>{paper ? nothingHere(paper) : "这件没有附材料。"}</p></div></div>
        )}
        {other && (
          <div className="stage-beside">
            <Select size="small" aria-label="并排看哪一页" value={other.value} onChange={setBeside} options={all.map(({ value, label }) => ({ value, label }))} />
            <Sheet key={`beside-${other.value}`} address={pictureAddress(caseId, other.page.attachment)} page={other.page} title={other.label} view={views[other.value] ?? PLAIN} />
          </div>
        )}
        <Watermark />
      </div>
      <div className="viewer-bar" role="toolbar" aria-label="看图">
        <strong className="viewer-title">{number > 0 && `${number} `}{paper?.title ?? ""}</strong>
        <span>第 {shown} / {pages.length} 页</span>
        {pages.length > 1 && button("page-back", <>‹<Cap id="page-back" /></>)}
        {pages.length > 1 && button("page-on", <>›<Cap id="page-on" /></>)}
        <span className="viewer-gap" />
        <span><ZoomInOutlined /> {Math.round(view.zoom * 100)}%</span>
        {button("larger", <Cap id="larger" />)}
        {button("smaller", <Cap id="smaller" />)}
        {button("fit", <Cap id="fit" />)}
        <span>旋转</span>
        {button("turn-left", <Cap id="turn-left" />)}
        {button("turn-right", <Cap id="turn-right" />)}
        {button("beside", <>并排 <Cap id="beside" /></>, true)}
      </div>
    </div>
  );
}

function nothingHere(paper: Paper): string {
  switch (paper.state) {
    case "later":
      return "这份容缺，还没有交。";
    case "missing":
      return "这份还缺。可以退回补正，请当事人补上。";
    case "counter":
      return "这份在窗口当面采集，没有影像。";
    case "network":
      return "这份由系统联网核查，没有影像。";
    case "present":
      return "这份已由机器读取，没有影像。";
  }
}
