// What the stand-in says about one case when it is opened: papers, form, checks, decisions, history.
import type { Case, CaseDetail, Check, Choice, DecisionName, FormStep, Paper, Person } from "../../src/api/types";
import { BRANCHES } from "./cases";

const page = (name: string): { attachment: string; media_type: string; size: number } => ({ attachment: name, media_type: "image/svg+xml", size: 40_000 });
const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const PAPERS: Paper[] = [
  { key: "book-first", title: "户口簿 · 首页", level: "C", level_word: "上传 · 须核原件", state: "present", due: null, pages: [page("book-first-1")], checked: null },
  { key: "book-own", title: "户口簿 · 本人页", level: "B", level_word: "已核原件", state: "present", due: null, pages: [page("book-own-1"), page("book-own-2")], checked: { officer_name: "王警官", at: at(3) } },
  { key: "registry-result", title: "人口信息核查结果", level: "A", level_word: "机关签发", state: "present", due: null, pages: [page("registry-result-1")], checked: null },
  { key: "statement", title: "丢失补领声明", level: "D", level_word: "本人自述", state: "present", due: null, pages: [page("statement-1")], checked: null },
  { key: "residence-permit", title: "居住证", level: "C", level_word: "", state: "later", due: "2026-12-04", pages: [], checked: null },
  { key: "fingerprint", title: "指纹", level: "B", level_word: "", state: "counter", due: null, pages: [], checked: null },
];

const FORM: FormStep[] = [
  { step: "person", title: "申请人", fields: [
    { id: "name", label: "姓名", value: "林小满", source: "registry", source_word: "人口库", error: null, paper: null },
    { id: "number", label: "身份证号", value: "330***********1528", source: "registry", source_word: "人口库", error: null, paper: "book-own" },
    { id: "address", label: "户籍地址", value: "云溪市柳桥街道梧桐里 18 号 3 幢 402 室", source: "registry", source_word: "人口库", error: null, paper: "book-first" },
  ] },
  { step: "loss", title: "丢失情况", fields: [
    { id: "when", label: "丢失时间", value: "2026-11-20 傍晚", source: "person", source_word: "本人填", error: null, paper: "statement" },
    { id: "where", label: "丢失地点", value: "云溪东站公交枢纽", source: "person", source_word: "本人填", error: null, paper: "statement" },
    { id: "collect", label: "领取方式", value: "邮寄 · 柳桥街道青禾路 66 号", source: "person", source_word: "本人填", error: null, paper: null },
  ] },
];

const CHECKS: Check[] = [
  { id: "registry", label: "人口库在册，状态正常", by: "machine", done: { officer_name: null, at: at(44) } },
  { id: "photo", label: "相片质量合格（回执号 XP26-0931）", by: "machine", done: { officer_name: null, at: at(44) } },
  { id: "book", label: "户口簿本人页已核原件", by: "officer", done: { officer_name: "王警官", at: at(3) } },
  { id: "finger", label: "指纹已采：右拇指、左拇指", by: "officer", done: null },
  { id: "void", label: "已告知原证即时作废", by: "officer", done: null },
];

const PERSON: Person = {
  identified_word: "刷身份证，并比对人脸。证件相拍摄已满 12 年；现场相光照合格、无遮挡。", remark: "机器：不确定，须人工判定", must_confirm: true,
  card_photo: page("photo-card"), live_photo: page("photo-live"), confirmed: null,
};

const clone = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
const ENDED = ["approved", "rejected", "refused"];

/** The detail of a case when it is first opened. */
export function freshDetail(one: Case): CaseDetail {
  const form = clone(FORM);
  const name = one.applicant?.split(/[（ ]/)[0] ?? "";
  if (form[0]?.fields[0]) form[0].fields[0].value = name;
  if (one.service === "dl-renew-expiry" && form[1]?.fields[0]) form[1].fields[0].error = "换证要在到期前 90 日内。现在还差 12 日。";
  const guardian = one.service === "passport-minor";
  const proxy = one.service === "no-criminal-record-proxy";
  return {
    case: one,
    service: {
      id: one.service, title: one.title, branch: { id: one.branch, name: one.branch_name }, handling: "acceptance", fee_yuan: one.service === "id-replace-lost" ? 40 : null,
      law: one.service === "id-replace-lost" ? ["《中华人民共和国居民身份证法》第十一条"] : ["《中华人民共和国户口登记条例》第十七条", "《中华人民共和国行政许可法》第三十八条"],
      output_words: "居民身份证，60 日内到本所领取或邮寄", statutory_words: "60 日", two_person: one.second ? ["approve"] : [],
    },
    applicant: {
      name, number_masked: "330***********1528", phone_masked: "138****2046", matter: guardian ? "guardian" : proxy ? "proxy" : "own",
      matter_word: guardian ? "监护人代" : proxy ? "代办" : "本人办理", subject_masked: guardian || proxy ? "330***********0417" : null, subject_name: guardian ? "许家乐" : proxy ? "孙立本" : null,
    },
    person: clone(PERSON), papers: clone(PAPERS), form, checks: clone(CHECKS), decisions: [], branches: BRANCHES,
    history: [
      { at: one.received_at, words: `${name}在 1 号机提交，系统出具回执`, officer_name: null },
      { at: one.received_at, words: `送达本所，进入${one.branch_name}队列`, officer_name: null },
    ],
    earlier: [], unreadable: null,
  };
}

/** What may be decided now, worked out like the office does: from status, checks and person. */
export function choices(detail: CaseDetail, mine: boolean, first: boolean): Choice[] {
  const status = detail.case.status;
  const open = detail.checks.filter((check) => check.done === null).map((check) => check.label.split("：")[0] ?? check.label);
  if (detail.person.must_confirm && detail.person.confirmed?.finding !== "same") open.unshift("人像判定");
  const ended = ENDED.includes(status);
  const early = status === "delivered" || status === "supplement";
  const choice = (decision: DecisionName, label: string, fits: boolean, more: string[] = []): Choice => {
    const why = ended ? ["已办结"] : !mine ? ["还没有领办"] : first ? ["您已决定过，要另一位同事"] : !fits ? ["还没轮到这一步"] : more;
    return { decision, label, allowed: why.length === 0, why_not: why };
  };
  return [
    choice("accept", "受理", early),
    choice("refuse-to-accept", "不予受理", early),
    choice("return-for-supplement", "退回补正", status !== "supplement"),
    choice("approve", "准予办结", status === "accepted", open),
    choice("reject", "不予批准", status === "accepted"),
    choice("transfer", "转其他警种", true),
  ];
}
