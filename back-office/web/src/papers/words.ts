// Trust levels and states of papers in words.
import type { Level, Paper } from "../api/types";
import { shortDay } from "../session/clock-words";

const LEVEL: Record<Level, string> = { A: "机关签发", B: "已核原件", C: "上传 · 须核原件", D: "本人自述" };

/** The words beside the letter; the office's own words come first. */
export function levelWords(paper: Paper): string {
  return paper.level_word.trim() === "" ? LEVEL[paper.level] : paper.level_word;
}

/** What is said instead of a level when the paper is not here; null when it is. */
export function absence(paper: Paper): string | null {
  if (paper.checked !== null) return null;
  switch (paper.state) {
    case "present":
      return null;
    case "later":
      return paper.due === null ? "容缺 · 可后补" : `容缺 · ${shortDay(paper.due)} 前补`;
    case "missing":
      return "还缺";
    case "counter":
      return "窗口采集";
    case "network":
      return "联网核查";
  }
}

/** Can an officer note that the original was there? For a paper that was not handed in: that it was shown at the counter. */
export function mayBeChecked(paper: Paper): boolean {
  if (paper.checked !== null) return true;
  return paper.state === "present" ? paper.level === "C" : paper.state !== "network";
}

/** Papers that are still to come. */
export function lacking(papers: readonly Paper[]): number {
  return papers.filter((paper) => paper.checked === null && (paper.state === "later" || paper.state === "missing")).length;
}
