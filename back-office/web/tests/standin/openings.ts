// The stand-in's openings: a few services, forms that grow with their answers, papers, hand-over by code, submitting.
// Its "rules" are made up for pictures and scenes; the office has the real ones.
import type { Opening, OpeningField, OpeningPaper, OpeningRow, OpeningStep, ServiceRow } from "../../src/api/openings";
import type { Case, Page } from "../../src/api/types";
import { BRANCHES, OFFICERS } from "./cases";
import { No } from "./no";
import type { StandinOffice } from "./office";

type Answers = Record<string, string>;
type Kept = { id: string; code: string; officer: string | null; service: ServiceRow; answers: Answers; fromVisit: Set<string>; papers: Record<string, { state: OpeningPaper["state"]; pages: number }>; begun: string; version: number; from: "kiosk" | "counter"; stopped: string | null };

const branch = (id: string): { branch: string; branch_name: string } => ({ branch: id, branch_name: BRANCHES.find((one) => one.id === id)?.name ?? id });
const SERVICES: (ServiceRow & { pinyin: string })[] = [
  { id: "id-replace-lost", title: "居民身份证丢失补领", category_name: "身份证", about: "证丢了，补一张新的", pinyin: "shenfenzhengdiushibuling sfzdsbl", ...branch("household") },
  { id: "temporary-identity-certificate", title: "临时居民身份证申领", category_name: "身份证", about: "补证期间急用", pinyin: "linshijuminshenfenzhengshenling lsjmsfzsl", ...branch("household") },
  { id: "birth-registration", title: "出生登记", category_name: "户口", about: "给新生儿上户口", pinyin: "chushengdengji csdj", ...branch("household") },
  { id: "hukou-cancellation-certificate", title: "户口注销证明", category_name: "户口", about: "证明某人户口已注销", pinyin: "hukouzhuxiaozhengming hkzxzm", ...branch("household") },
  { id: "residence-certificate", title: "居住登记证明", category_name: "流动人口", about: "证明在本市的居住登记", pinyin: "juzhudengjizhengming jzdjzm", ...branch("residence") },
  { id: "residence-permit-endorse", title: "居住证签注", category_name: "流动人口", about: "居住证每年签注一次", pinyin: "juzhuzhengqianzhu jzzqz", ...branch("residence") },
  { id: "no-criminal-record-self", title: "无犯罪记录证明（本人）", category_name: "证明", about: "本人申请，通常当场出证", pinyin: "wufanzuijiluzhengming wfzjlzm", ...branch("criminal-record") },
  { id: "no-criminal-record-proxy", title: "无犯罪记录证明（委托）", category_name: "证明", about: "替人申请，要委托书", pinyin: "wufanzuijiluzhengmingweituo wfzjlzmwt", ...branch("criminal-record") },
  { id: "dl-renew-expiry", title: "驾驶证到期换证", category_name: "驾驶人", about: "到期前 90 天内可换", pinyin: "jiashizhengdaoqihuanzheng jszdqhz", ...branch("traffic") },
  { id: "mv-licence-reissue", title: "行驶证补领", category_name: "机动车", about: "行驶证丢了或坏了", pinyin: "xingshizhengbuling xszbl", ...branch("traffic") },
  { id: "passport-minor", title: "未成年人申领护照", category_name: "出入境", about: "不满 16 周岁，监护人陪同", pinyin: "weichengnianrenshenlinghuzhao wcnrslhz", ...branch("exit-entry") },
  { id: "hkm-endorse-tour", title: "往来港澳旅游签注", category_name: "出入境", about: "通行证还有效时再签注", pinyin: "wanglaigangaolvyouqianzhu wlgalyqz", ...branch("exit-entry") },
];

const PAPERS: Record<string, readonly [string, string, boolean, string | null][]> = {
  "id-replace-lost": [["household-book", "户口簿", true, "首页和本人页都要。"], ["field:portrait", "现场相片", false, null], ["fingerprint", "指纹", false, "在柜台采。"]],
  "birth-registration": [["birth-certificate", "出生医学证明", false, null], ["household-book", "父亲或母亲的户口簿", false, "首页、本人页、增减页。"], ["marriage-certificate", "结婚证", true, "没有登记结婚的，另写情况说明。"]],
};
const NUMBER = /^\d{17}[\dX]$/;
const PHONE = /^1\d{10}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with a value, or nothing. */
function wrong(kind: OpeningField["kind"], value: string): string | null {
  switch (kind) {
    case "id-number":
      return NUMBER.test(value) ? null : "身份证号是 18 位，最后一位可以是 X。请对着证件再看一遍。";
    case "phone":
      return PHONE.test(value) ? null : "手机号是 11 位，以 1 开头。";
    case "date":
      return !DAY.test(value) ? "请写成 2026-11-20 这样。" : value > "2026-11-22" ? "这一天还没有到。" : null;
    case "text":
    case "person-name":
    case "choice":
    case "address":
    case "declaration":
    case "signature":
      return null;
  }
}

type Sketch = readonly [id: string, label: string, kind: OpeningField["kind"], more?: Partial<OpeningField>];

function sketches(service: string, answers: Answers): readonly [string, string, readonly Sketch[]][] {
  const whose: Sketch = ["matter", "给谁办", "choice", { choices: [{ value: "own", label: "本人" }, { value: "guardian", label: "监护人代办" }, { value: "proxy", label: "受托人代办" }] }];
  const mandator: Sketch[] = answers["matter"] === "proxy" || answers["matter"] === "guardian" ? [["subject-name", "被代办人姓名", "person-name"], ["subject-number", "被代办人身份证号", "id-number"]] : [];
  const person: Sketch[] = [whose, ["name", "申请人姓名", "person-name"], ["number", "身份证号", "id-number"], ["phone", "手机号", "phone", { help: "办好了发短信到这个号。" }], ...mandator];
  const declared: Sketch[] = [["declaration", "声明", "declaration", { help: "以上所填都属实。所填不实的，依法承担责任。" }], ["signature", "签名", "signature"]];
  if (service === "id-replace-lost") {
    const towns = ["柳桥街道", "青禾街道", "梧桐街道", "云东街道", "石门镇", "白塔镇", "沙溪镇", "南浦乡"].map((label) => ({ value: label, label }));
    return [
      ["person", "申请人", person],
      ["loss", "丢失情况", [["how", "怎么丢的", "choice", { choices: [{ value: "lost", label: "自己丢了" }, { value: "stolen", label: "被偷了" }] }], ["when", "哪一天", "date"], ["where", "在哪里", "text"], ["town", "丢失地所在街道", "choice", { choices: towns, required: false }]]],
      ["contact", "领取", [["collect", "怎么领", "choice", { choices: [{ value: "here", label: "到本所领" }, { value: "post", label: "邮寄" }] }], ...(answers["collect"] === "post" ? [["post-to", "寄到哪里", "address"] as Sketch] : []), ...declared]],
    ];
  }
  return [["person", "申请人", person], ["about", "事项", [["reason", "办来做什么用", "text", { help: "照实写一句。" }], ["since", "从哪一天起", "date", { required: false }], ...declared]]];
}

/** Drawn by the stand-in like every other picture. */
function pagesOf(many: number): Page[] {
  return Array.from({ length: many }, (_, at) => ({ attachment: at % 2 === 0 ? "book-first-1" : "book-own-1", media_type: "image/svg+xml", size: 4000 }));
}

export class StandinOpenings {
  private kept = new Map<string, Kept>();
  private made = 0;
  /** A code that was a half-done visit and is a case now. */
  readonly cases: Record<string, string> = { C4FGHJK7: "case-03" };

  constructor(private readonly office: StandinOffice) {
    const own = this.service("id-replace-lost");
    const visit = this.put({ service: own, officer: null, code: "E4WTRK93", from: "kiosk", stopped: "丢失情况" });
    visit.answers = { matter: "own", name: "沈知秋", number: "330802198806152427", phone: "13800002046", how: "lost" };
    visit.fromVisit = new Set(Object.keys(visit.answers));
    visit.papers["field:portrait"] = { state: "scanned", pages: 1 };
    const other = this.put({ service: this.service("passport-minor"), officer: "li", code: "N9KDRT4F", from: "kiosk", stopped: "申请人" });
    other.answers = { name: "许家乐" };
  }

  private service(id: string): ServiceRow {
    const found = SERVICES.find((one) => one.id === id);
    if (!found) throw new No(404, "not-found");
    const { pinyin: _pinyin, ...row } = found;
    return row;
  }

  private put(more: Pick<Kept, "service" | "officer" | "from" | "stopped"> & { code?: string }): Kept {
    this.made += 1;
    const kept: Kept = { id: `opening-${this.made}`, code: `KXAF${String(this.made).padStart(4, "3").replace(/[0125 68]/g, "7")}`, answers: {}, fromVisit: new Set(), papers: {}, begun: new Date(Date.now() - 14 * 60_000).toISOString(), version: 1, ...more };
    this.kept.set(kept.id, kept);
    return kept;
  }

  search(q: string): { services: ServiceRow[] } {
    const plain = q.trim().toLowerCase().replace(/\s/g, "");
    return { services: SERVICES.filter((one) => plain === "" || one.title.includes(plain) || one.pinyin.includes(plain)).map((one) => this.service(one.id)) };
  }

  mine(officer: string): { openings: OpeningRow[] } {
    const rows = [...this.kept.values()].filter((one) => one.officer === officer);
    return { openings: rows.map((one) => ({ id: one.id, code: one.code, service: one.service.id, title: one.service.title, from: one.from, begun_at: one.begun, applicant: one.answers["name"] ?? null, last_step: one.stopped })) };
  }

  begin(officer: string, service: string): Opening {
    return this.tell(this.put({ service: this.service(service), officer, from: "counter", stopped: null }));
  }

  byCode(officer: string, code: string): Opening {
    if (this.cases[code] !== undefined) throw new No(409, "already-a-case", { case: this.cases[code] });
    const found = [...this.kept.values()].find((one) => one.code === code);
    if (!found) throw new No(404, "unknown-code");
    if (found.officer !== null && found.officer !== officer) throw new No(409, "in-other-hands", { holder_name: OFFICERS.find((one) => one.id === found.officer)?.name });
    found.officer = officer;
    return this.tell(found);
  }

  find(officer: string, id: string): Kept {
    const found = this.kept.get(id);
    if (!found || found.officer !== officer) throw new No(404, "not-found");
    return found;
  }

  read(officer: string, id: string): Opening {
    return this.tell(this.find(officer, id));
  }

  private on(officer: string, id: string, version: unknown): Kept {
    const found = this.find(officer, id);
    if (found.version !== Number(version)) throw new No(409, "version-conflict");
    found.version += 1;
    return found;
  }

  answer(officer: string, id: string, version: unknown, answers: Record<string, string | null>): Opening {
    const kept = this.on(officer, id, version);
    for (const [field, value] of Object.entries(answers)) {
      kept.fromVisit.delete(field);
      if (value === null) delete kept.answers[field];
      else kept.answers[field] = value;
    }
    return this.tell(kept);
  }

  paper(officer: string, id: string, key: string, version: unknown, state: "scanned" | "shown" | "later" | "none"): Opening {
    const kept = this.on(officer, id, version);
    const pages = kept.papers[key]?.pages ?? 0;
    if (state === "none") delete kept.papers[key];
    else kept.papers[key] = state === "scanned" ? { state, pages: pages + 1 } : { state, pages };
    return this.tell(kept);
  }

  giveUp(officer: string, id: string): void {
    this.kept.delete(this.find(officer, id).id);
  }

  submit(officer: string, id: string, version: unknown): Case {
    const kept = this.on(officer, id, version);
    const told = this.tell(kept);
    if (!told.may_submit) throw new No(422, "opening-incomplete", { why: told.missing });
    this.kept.delete(id);
    const first = this.office.cases[0];
    if (!first) throw new No(404, "not-found");
    const fresh: Case = {
      ...first, id: `case-${id}`, submission: `submission-${id}`, service: kept.service.id, title: kept.service.title, branch: kept.service.branch, branch_name: kept.service.branch_name, status: "delivered", word: "已送达",
      received_at: new Date().toISOString(), overdue: false, deadline: { group: "later", words: "12-01 周二", on: null }, code: kept.code, last_four: kept.answers["number"]?.slice(-4) ?? null, applicant: kept.answers["name"] ?? null, tags: [], holder: null, holder_name: null, lease_until: null, claim_epoch: 0, version: 1, second: null,
    };
    this.office.cases = [...this.office.cases, fresh];
    return this.office.claim(fresh.id, officer);
  }

  private tell(kept: Kept): Opening {
    const steps: OpeningStep[] = sketches(kept.service.id, kept.answers).map(([id, title, lines]) => {
      const fields = lines.map(([field, label, kind, more]): OpeningField => {
        const value = kind === "signature" ? (kept.papers[`field:${field}`]?.state === "shown" ? "shown" : null) : (kept.answers[field] ?? null);
        return { id: field, label, help: null, kind, choices: null, multiple: false, locked: false, value, required: true, error: value === null ? null : wrong(kind, value), from_visit: kept.fromVisit.has(field), ...more };
      });
      const full = fields.every((field) => field.error === null && (!field.required || field.value !== null));
      return { id, title, done: full, fields };
    });
    const signs = steps.some((step) => step.fields.some((field) => field.kind === "signature"));
    const wanted = PAPERS[kept.service.id] ?? [];
    const all = signs ? [...wanted, ["field:signature", "签名", false, null] as const] : wanted;
    const papers = all.map(([key, title, later, help]): OpeningPaper => ({ key, title, state: kept.papers[key]?.state ?? "missing", may_be_later: later, may_be_scanned: key !== "fingerprint", seen: kept.papers[key]?.state === "shown", pages: kept.papers[key]?.pages ?? 0, pages_list: pagesOf(kept.papers[key]?.pages ?? 0), help }));
    const missing = [
      ...steps.flatMap((step) => step.fields.filter((field) => field.error !== null).map((field) => `${field.label}：要改`)),
      ...steps.filter((step) => !step.done && step.fields.every((field) => field.error === null)).map((step) => `“${step.title}”还没有填完`),
      ...papers.filter((paper) => paper.state === "missing").map((paper) => `${paper.title}：还没有`),
    ];
    const own = kept.answers["matter"];
    return {
      card_photo: kept.from === "kiosk" ? { attachment: "photo-card", media_type: "image/svg+xml", size: 4000 } : null, live_photo: kept.from === "kiosk" ? { attachment: "photo-live", media_type: "image/svg+xml", size: 4000 } : null,
      id: kept.id, code: kept.code, from: kept.from, version: kept.version, begun_at: kept.begun, from_words: kept.from === "kiosk" ? `柳桥派出所 2 号机 · 10:20 · 填到“${kept.stopped ?? ""}”` : "柳桥派出所 · 综合窗口 3",
      service: { id: kept.service.id, title: kept.service.title, branch: kept.service.branch, branch_name: kept.service.branch_name, fee_words: kept.service.id === "id-replace-lost" ? "40 元" : null, statutory_words: "60 日" },
      verdict: own === undefined ? null : own === "own" ? { kind: "yes", words: "可以办。户口在本市，年满 16 周岁。" } : { kind: "officer", words: "代办要看委托书或监护证明，由您判断。" },
      steps, papers, missing, may_submit: missing.length === 0,
    };
  }
}
