// The head of an opening: which service, its code, where it came from, what the rules say so far, whether all is saved.
import { useOpenOpening } from "./opening-context";
import { printed } from "../queue/code";
import { count } from "./typed";

const VERDICT = { yes: "ok", no: "bad", officer: "warn" } as const;

export function Head(): JSX.Element {
  const { opening, typed, saving, trouble } = useOpenOpening();
  const { service, verdict } = opening;
  const unsaved = count(typed);
  return (
    <header className="case-head">
      <div className="case-line">
        <h1>{service.title}</h1>
        <span className="pill info">{opening.from === "kiosk" ? "居民在机上办了一半" : "窗口新开"}</span>
        <span className="case-from quiet" role="status">{saving ? "正在保存" : unsaved > 0 ? (trouble === null ? "离开这一格就保存" : `${unsaved} 格还没有保存`) : "都已保存"}</span>
      </div>
      <div className="case-line case-facts">
        <span>回执编号 <strong>{printed(opening.code)}</strong></span>
        <span>{opening.from_words}</span>
        <span>{service.branch_name}</span>
        {service.fee_words !== null && <span>费用 {service.fee_words}</span>}
        {service.statutory_words !== null && <span>法定时限 {service.statutory_words}</span>}
      </div>
      {verdict !== null && <div className={`note ${VERDICT[verdict.kind]} overdict`}>{verdict.words}</div>}
    </header>
  );
}
