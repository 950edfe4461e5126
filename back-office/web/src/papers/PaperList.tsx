// The papers by number: level as letter and words, what is missing with its date, and the act "checked against original".
import { Button } from "antd";
import type { Paper } from "../api/types";
import * as office from "../api/office";
import { useOpenCase } from "../decision/case-context";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { clockOf } from "../session/clock-words";
import { officeNow } from "../session/clock";
import { absence, lacking, levelWords, mayBeChecked } from "./words";

interface Props {
  paper: Paper | undefined;
  choose: (key: string) => void;
}

export function PaperList({ paper, choose }: Props): JSX.Element {
  const { id, detail, one, holding, write, busy } = useOpenCase();
  const papers = detail.papers;
  useKey("paper", (digit) => {
    const wanted = papers[Number(digit) - 1];
    if (wanted) choose(wanted.key);
  }, papers.length > 0);
  const asks = paper !== undefined && mayBeChecked(paper);
  const canCheck = holding === "mine" && asks;
  const check = (): void => {
    if (canCheck && paper && !busy) void write(() => office.tickPaper(id, paper.key, one.claim_epoch, paper.checked === null));
  };
  useKey("checked", check, canCheck);
  const gone = lacking(papers);
  return (
    <div className="paper-list">
      <h2>材料 <span className="quiet">{papers.length} 份{gone > 0 && `，缺 ${gone}`}</span></h2>
      <ol aria-label="材料">
        {papers.map((each, at) => {
          const away = absence(each);
          return (
            <li key={each.key}>
              <button type="button" className={each.key === paper?.key ? "paper now" : "paper"} aria-current={each.key === paper?.key} onClick={() => choose(each.key)}>
                {at < 9 ? <kbd aria-hidden="true">{at + 1}</kbd> : <span />}
                <span className="paper-title">{each.title}</span>
                {away === null ? (
                  <span className="paper-level"><b className={`level level-${each.level}`}>{each.level}</b>{levelWords(each)}{each.pages.length > 1 && <span className="quiet">{each.pages.length} 页</span>}</span>
                ) : (
                  <span className={`paper-level pill ${each.state === "counter" || each.state === "network" ? "teal" : "warn"}`}>{away}</span>
                )}
                {each.checked !== null && <span className="paper-level quiet">{each.checked.officer_name} {clockOf(each.checked.at, officeNow())}</span>}
              </button>
            </li>
          );
        })}
      </ol>
      {asks && (
        <div className="paper-act">
          <Button block disabled={!canCheck} loading={busy} onClick={check}>
            {paper.checked !== null ? "撤销核对" : paper.state === "counter" ? "已在窗口办" : "已核对原件"} <Cap id="checked" />
          </Button>
          {!canCheck && holding !== "closed" && <p className="quiet">领办后才能记。</p>}
        </div>
      )}
    </div>
  );
}
