// The bottom bar: the keys that work now, how fresh the list is, and the office's time.
import { Cap } from "../keys/Cap";
import { useLiveKeys } from "../keys/keyboard";
import { keyRow } from "../keys/table";
import { fullClock } from "../session/clock-words";
import { useNow } from "../session/clock";
import type { Line } from "../api/events";

interface Props {
  line: Line;
  syncedAt: number;
  failing: boolean;
  /** Somebody who sees no queue is not told how fresh it is. */
  listens: boolean;
}

/** How fresh the list is, in words. */
export function freshness(line: Line, failing: boolean, seconds: number): { words: string; ok: boolean } {
  const ago = seconds < 60 ? `${seconds} 秒前` : `${Math.floor(seconds / 60)} 分前`;
  if (failing || line === "off") return { words: `离线 · 列表停在${ago}，写的内容都还在`, ok: false };
  if (line === "waiting") return { words: `正在重连 · 列表是${ago}的`, ok: false };
  return { words: `队列已同步 · ${ago}`, ok: true };
}

export function BottomBar({ line, syncedAt, failing, listens }: Props): JSX.Element {
  const live = useLiveKeys();
  const now = useNow(1000);
  const fresh = freshness(line, failing, Math.max(0, Math.round((Date.now() - syncedAt) / 1000)));
  return (
    <footer className="keys" aria-label="现在可用的键">
      <ul>
        {live.filter((id) => keyRow(id).bar).map((id) => (
          <li key={id} data-key={id}>{id === "up" && live.includes("down") && <Cap id="down" />}{id === "list-up" && <Cap id="list-down" />} <Cap id={id} /> {keyRow(id).bar}</li>
        ))}
      </ul>
      {listens && <span className={fresh.ok ? "" : "pill warn"} role="status">{syncedAt === 0 ? "正在取队列" : fresh.words}</span>}
      <span>{fullClock(now)}</span>
    </footer>
  );
}
