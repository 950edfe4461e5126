// Fictional cases in every state, for developing and for pictures. Nobody here exists; numbers and places are invented.
import type { Case, DeadlineGroup, Status, Tag } from "../../src/api/types";

interface Line {
  code: string;
  service: string;
  title: string;
  branch: string;
  applicant: string;
  group: DeadlineGroup;
  words: string;
  status?: Status;
  holder?: string;
  tags?: Tag[];
  second?: boolean;
  number?: string;
  erased?: boolean;
}

export const BRANCHES = [
  { id: "household", name: "户政" },
  { id: "traffic", name: "交管" },
  { id: "exit-entry", name: "出入境" },
  { id: "criminal-record", name: "犯罪记录" },
  { id: "residence", name: "流动人口" },
];

export const OFFICERS = [
  { id: "wang", name: "王警官", badge: "031257" },
  { id: "li", name: "李警官", badge: "031302" },
  { id: "zhao", name: "赵警官", badge: "031188" },
  { id: "sun", name: "孙警官", badge: "031420" },
  { id: "zhou", name: "周警官", badge: "031077" },
];

const LINES: readonly Line[] = [
  { code: "H4TWD93K", service: "household-split", title: "分户立户", branch: "household", applicant: "谭文竹", group: "overdue", words: "超期 1 个工作日", holder: "li" },
  { code: "QX7NC4DF", service: "violation-object", title: "交通违法异议申请", branch: "traffic", applicant: "罗清如", group: "overdue", words: "超期 2 个工作日" },
  { code: "7KQ4M3XP", service: "id-replace-lost", title: "身份证丢失补领", branch: "household", applicant: "林小满", group: "today", words: "今日 11:30 前 · 剩 44 分", status: "accepted", holder: "wang" },
  { code: "D9HC6T4Y".replace("6", "7"), service: "no-criminal-record-proxy", title: "委托代查犯罪记录", branch: "criminal-record", applicant: "孙予安 代 孙立本", group: "today", words: "今日 12:00 前 · 剩 1 时 14 分", tags: [{ kind: "warn", words: "须当面核" }] },
  { code: "3FWRX4K9", service: "residence-certificate", title: "居住证补领", branch: "residence", applicant: "阿依古丽 · 买买提", group: "today", words: "今日 17:00 前" },
  { code: "M7PDT93Q", service: "hkm-endorse-tour", title: "往来港澳探亲签注", branch: "exit-entry", applicant: "何静姝", group: "today", words: "今日 17:00 前", tags: [{ kind: "info", words: "补正已回" }] },
  { code: "Y4KTH47N", service: "temporary-identity-certificate", title: "临时居民身份证申领", branch: "household", applicant: "吴锦程", group: "today", words: "今日 17:00 前", holder: "zhao" },
  { code: "R9XTMWQ3", service: "dl-renew-expiry", title: "驾驶证到期换证", branch: "traffic", applicant: "沈立夏", group: "soon", words: "11-24 周二 17:00", status: "accepted" },
  { code: "K4NMP7DR", service: "spouse-join", title: "夫妻投靠落户", branch: "household", applicant: "陈砚秋", group: "soon", words: "11-25 周三 17:00", tags: [{ kind: "warn", words: "容缺 1 项" }] },
  { code: "C9QHGGRT", service: "rental", title: "居住房屋出租登记", branch: "residence", applicant: "赵一禾", group: "soon", words: "11-26 周四 17:00" },
  { code: "P3HYTKC4", service: "name-change", title: "成年人姓名变更", branch: "household", applicant: "白若溪", group: "soon", words: "11-26 周四 17:00", status: "accepted", tags: [{ kind: "violet", words: "待第二人" }], second: true },
  { code: "W3TVCKX9".replace("V", "W"), service: "passport-minor", title: "未成年人申领护照", branch: "exit-entry", applicant: "许家乐（监护人代）", group: "later", words: "12-02 周三" },
  { code: "A7CRM4NP", service: "no-criminal-record-self", title: "无犯罪记录证明", branch: "criminal-record", applicant: "方知远", group: "later", words: "12-03 周四" },
  { code: "E3FGHJ4M", service: "mv-licence-reissue", title: "行驶证补领", branch: "traffic", applicant: "杜若飞", group: "later", words: "12-03 周四" },
  { code: "N7WPXTA3", service: "birth-registration", title: "出生登记", branch: "household", applicant: "严书宁", group: "later", words: "12-04 周五", tags: [{ kind: "warn", words: "容缺 2 项" }] },
  { code: "T9RQYF4C", service: "residence-permit-endorse", title: "居住证签注", branch: "residence", applicant: "古再丽 · 艾山", group: "later", words: "12-07 周一" },
  { code: "G4DDKM7W", service: "hukou-cancellation-certificate", title: "户口注销证明", branch: "household", applicant: "苏怀瑾", group: "later", words: "12-08 周二", holder: "sun" },
  { code: "J9EHXN43", service: "dl-renew-expiry", title: "驾驶证到期换证", branch: "traffic", applicant: "贺云舟", group: "later", words: "12-09 周三" },
  { code: "F7KCQRA9", service: "hkm-endorse-tour", title: "往来港澳旅游签注", branch: "exit-entry", applicant: "梁思齐", group: "none", words: "" },
  { code: "X4TYWMD7", service: "student-move", title: "学生户口迁移", branch: "household", applicant: "顾南星", group: "paused", words: "待补正 · 计时暂停", status: "supplement" },
  { code: "H9NPAC3Q", service: "passport-minor", title: "未成年人申领护照", branch: "exit-entry", applicant: "江一帆（监护人代）", group: "paused", words: "待补正 · 计时暂停", status: "supplement" },
  { code: "Q3GWKT4R", service: "residence-certificate", title: "居住证首次申领", branch: "residence", applicant: "马晓棠", group: "later", words: "12-10 周四", tags: [{ kind: "bad", words: "容缺将到期" }] },
  { code: "M4AXDY9F", service: "no-criminal-record-self", title: "无犯罪记录证明", branch: "criminal-record", applicant: "秦观澜", group: "ended", words: "11-20 已办结", status: "approved" },
  { code: "C7HJTN3P", service: "id-replace-lost", title: "身份证丢失补领", branch: "household", applicant: "韩松年", group: "ended", words: "11-19 不予", status: "rejected" },
  { code: "W9KFQR4E", service: "violation-object", title: "交通违法异议申请", branch: "traffic", applicant: "唐佳禾", group: "ended", words: "11-18 不予受理", status: "refused" },
  { code: "D3KWHN7R", service: "residence-certificate", title: "居住证首次申领", branch: "residence", applicant: "", group: "ended", words: "2025-09-02 已办结", status: "approved", erased: true },
];

const WORD: Record<Status, string> = { delivered: "已送达", accepted: "已受理", refused: "不予受理", supplement: "待补正", approved: "已办结", rejected: "已办结" };

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const ahead = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** The list as it is when the stand-in starts. */
export function freshCases(): Case[] {
  return LINES.map((line, at) => ({
    id: `case-${String(at + 1).padStart(2, "0")}`,
    submission: `submission-${at + 1}`,
    service: line.service,
    title: line.title,
    branch: line.branch,
    branch_name: BRANCHES.find((branch) => branch.id === line.branch)?.name ?? line.branch,
    station: "liuqiao",
    station_name: "柳桥派出所",
    status: line.status ?? "delivered",
    word: WORD[line.status ?? "delivered"],
    priority: 5,
    received_at: ago(44 + at * 37),
    due_on: null,
    overdue: line.group === "overdue",
    deadline: { group: line.group, words: line.words, on: null },
    promised_on: null,
    statutory_on: null,
    supplement_by: line.status === "supplement" ? "2026-11-30" : null,
    code: line.erased ? null : line.code,
    last_four: line.erased ? null : "1528",
    applicant: line.erased ? null : line.applicant,
    ticket: null,
    open: [],
    tags: line.tags ?? [],
    holder: line.holder ?? null,
    holder_name: OFFICERS.find((officer) => officer.id === line.holder)?.name ?? null,
    lease_until: line.holder === undefined ? null : ahead(line.holder === "wang" ? 12.5 : 9),
    claim_epoch: line.holder === undefined ? 0 : 1,
    version: 1,
    second: line.second ? { decision: "approve", officer: "li", officer_name: "李警官", at: ago(66) } : null,
    erased: line.erased === true,
  }));
}
