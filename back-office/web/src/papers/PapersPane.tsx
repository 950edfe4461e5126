// The middle pane: head, person, papers by number, viewer.
import { Button } from "antd";
import { useOpenCase } from "../decision/case-context";
import { CaseHead } from "./CaseHead";
import { PaperList } from "./PaperList";
import { PersonCard } from "./PersonCard";
import { Viewer } from "./Viewer";
import "./papers.css";

interface Props {
  paper: string | null;
  setPaper: (key: string) => void;
}

export function PapersPane({ paper, setPaper }: Props): JSX.Element {
  const { id, detail, trouble, again } = useOpenCase();
  const papers = detail.papers;
  const now = papers.find((one) => one.key === paper) ?? papers.find((one) => one.pages.length > 0) ?? papers[0];
  const number = now === undefined ? 0 : papers.indexOf(now) + 1;
  return (
    <section className="papers" aria-label="办件与材料">
      <CaseHead />
      {trouble !== null && (
        <div className="note warn" role="alert"><span className="grow">这件有了变化，现在看到的是刚才的样子。{trouble}</span><Button size="small" onClick={again}>再试</Button></div>
      )}
      {detail.unreadable !== null && <div className="note bad" role="alert">这件的内容打不开，原件完好保存着。{detail.unreadable}</div>}
      <PersonCard />
      <div className="papers-row">
        <PaperList paper={now} choose={setPaper} />
        <Viewer key={now?.key ?? "none"} caseId={id} papers={papers} earlier={detail.earlier} paper={now} number={number} />
      </div>
    </section>
  );
}
