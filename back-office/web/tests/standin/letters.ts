// What the stand-in says the resident will read, and the reasons for a supplement.
import type { Case, Decision, Preview, SupplementReasons } from "../../src/api/types";

export const REASONS: SupplementReasons = {
  default_by: "2026-11-30",
  phone: "0570-0000 110（样例）",
  items: [
    { key: "book-first", title: "户口簿 · 首页", reasons: [
      { code: "203", label: "影像模糊，户号与地址看不清", words: "请到任一自助机重新拍摄户口簿首页，四角入框、避开反光。", pinyin: "ying xiang mo hu" },
      { code: "204", label: "缺角", words: "请重新拍摄户口簿首页，把四个角都拍进去。", pinyin: "que jiao" },
    ] },
    { key: "fingerprint", title: "指纹", reasons: [{ code: "311", label: "未采集指纹", words: "请持户口簿到任一公安办证窗口采集指纹，约 2 分钟。", pinyin: "wei cai ji zhi wen" }] },
    { key: "residence-permit", title: "居住证", reasons: [{ code: "120", label: "还没有交", words: "请带居住证到任一自助机拍摄正反两面。", pinyin: "hai mei you jiao" }] },
    { key: "photo", title: "现场相片", reasons: [
      { code: "221", label: "眼镜反光", words: "请摘下眼镜，在任一自助机重新拍照。", pinyin: "yan jing fan guang" },
      { code: "222", label: "光线太暗", words: "请在任一自助机重新拍照，面向灯光。", pinyin: "guang xian tai an" },
    ] },
    { key: "statement", title: "丢失补领声明", reasons: [{ code: "240", label: "未签名", words: "请在任一自助机补签声明。", pinyin: "wei qian ming" }] },
    { key: "other", title: "其他", reasons: [] },
  ],
};

const SIGNATURE = "云溪市公安局柳桥派出所　0570-0000 110（样例）";
const day = (by: string): string => {
  const at = new Date(`${by}T00:00:00`);
  return `${at.getMonth() + 1} 月 ${at.getDate()} 日（周${"日一二三四五六"[at.getDay()] ?? ""}）`;
};

export function preview(one: Case, decision: Decision): Preview {
  const lead = `${one.title} · 回执编号 ${one.code?.slice(0, 4)}-${one.code?.slice(4)}`;
  const ok = (text: string): Preview["findings"][number] => ({ level: "ok", text });
  switch (decision.decision) {
    case "return-for-supplement": {
      const weekend = [0, 6].includes(new Date(`${decision.by}T00:00:00`).getDay());
      return {
        title: `还差 ${decision.items.length} 样，补齐就能继续办`, lead,
        items: decision.items.map((item) => {
          const source = REASONS.items.find((each) => each.key === item.key);
          const label = source?.reasons.find((reason) => reason.code === item.code)?.label;
          return { heading: `${source?.title ?? item.key}${label ? `　${label}。` : ""}`, text: item.words };
        }),
        closing: [`请在 ${day(decision.by)} 17:00 前补齐。`, "已交的材料和费用都保留，不用重填。", "带上回执，或报回执编号即可。"], signature: SIGNATURE,
        findings: [
          ok("语句完整，无内部代码，与目录所列材料一致。"),
          weekend ? { level: "warn", text: "补正期限落在周末，建议改到工作日。" } : ok("期限是工作日。"),
          ...decision.items.filter((item) => item.words.length < 8).map(() => ({ level: "bad" as const, text: "有一项太短，当事人看不懂要做什么。" })),
        ],
      };
    }
    case "accept":
      return { title: "您的申请已受理", lead, items: [], closing: ["从今天起 60 日内办结。", "办好后短信告诉您。"], signature: SIGNATURE, findings: [ok("期限与事项目录一致。")] };
    case "approve":
      return { title: "您的申请已同意", lead, items: [{ heading: "领取", text: "居民身份证将在 60 日内寄到您填的地址。" }], closing: ["原证已作废，捡到也不要再用。"], signature: SIGNATURE, findings: [ok("语句完整。")] };
    case "transfer":
      return { title: "您的申请转到另一条业务线", lead, items: [], closing: ["不用重新提交，回执编号不变。"], signature: SIGNATURE, findings: [ok("不对外显示转办原因。")] };
    case "refuse-to-accept":
    case "reject":
      return {
        title: decision.decision === "reject" ? "这次没有同意" : "这次不能受理", lead,
        items: [
          ...(decision.decision === "reject" ? [{ heading: "依据", text: decision.ground }] : []),
          { heading: "理由", text: decision.reason }, { heading: "您可以怎么办", text: decision.remedy },
        ],
        closing: ["有不明白的，请打电话或到柜台问。"], signature: SIGNATURE,
        findings: [decision.reason.length < 12 ? { level: "warn", text: "理由偏短，请说清是哪一项不符合。" } : ok("理由与依据都有。")],
      };
  }
}
