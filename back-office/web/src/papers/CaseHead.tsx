// The head of a case: what, public state, until when; number, person, matter, phone, fee.
import { useOpenCase } from "../decision/case-context";
import { Deadline } from "../queue/Deadline";
import { printed } from "../queue/code";
import { clockOf } from "../session/clock-words";
import { officeNow } from "../session/clock";

export function CaseHead(): JSX.Element {
  const { detail, one } = useOpenCase();
  const { applicant, service } = detail;
  return (
    <header className="case-head">
      <div className="case-line">
        <h1>{one.title}</h1>
        <span className="pill ok">公开状态：{one.word}</span>
        {one.deadline.words !== one.word && <Deadline deadline={one.deadline} />}
        {one.tags.map((tag) => <span key={tag.words} className={`pill ${tag.kind}`}>{tag.words}</span>)}
        <span className="case-from quiet">{one.ticket !== null && `排号 ${one.ticket} · `}{clockOf(one.received_at, officeNow())} 送达</span>
      </div>
      <div className="case-line case-facts">
        <span>回执编号 <strong>{printed(one.code)}</strong></span>
        <span>申请人 <strong>{applicant.name}</strong></span>
        <span>{applicant.matter_word}{applicant.subject_name !== null && <> <strong>{applicant.subject_name}</strong></>}{applicant.subject_masked !== null && ` ${applicant.subject_masked}`}</span>
        {applicant.phone_masked !== null && <span>手机 {applicant.phone_masked}</span>}
        {service.fee_yuan !== null && service.fee_yuan > 0 && <span>费用 {service.fee_yuan} 元</span>}
        <span>{one.branch_name}</span>
        {service.statutory_words !== null && <span>法定时限 {service.statutory_words}</span>}
      </div>
    </header>
  );
}
