// What of the queue is shown: whose, branch, station, status, order, ended ones too.
import { FilterOutlined } from "@ant-design/icons";
import { Button, Checkbox, Segmented, Select } from "antd";
import { useState } from "react";
import type { Counts, Named } from "../api/types";
import type { QueueWish } from "../api/office";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";

export const EVERYTHING: QueueWish = { branch: "", station: "", status: "", whose: "all", q: "", sort: "deadline", closed: false };

const STATUS = [
  { value: "", label: "全部状态" },
  { value: "delivered", label: "已送达" },
  { value: "accepted", label: "已受理" },
  { value: "supplement", label: "待补正" },
  { value: "refused", label: "不予受理" },
  { value: "approved", label: "已办结 · 同意" },
  { value: "rejected", label: "已办结 · 不予" },
];

const SORT = [
  { value: "deadline", label: "按期限" },
  { value: "arrival", label: "按先后" },
  { value: "service", label: "按事项" },
] as const;

interface Props {
  wish: QueueWish;
  set: (wish: QueueWish) => void;
  counts: Counts | undefined;
  branches: Named[];
  stations: Named[];
}

/** Is anything but the order chosen in the part that opens with F? */
function narrowed(wish: QueueWish): boolean {
  return wish.status !== "" || wish.closed || wish.station !== "";
}

export function Filters({ wish, set, counts, branches, stations }: Props): JSX.Element {
  const [more, setMore] = useState(false);
  const toggle = (): void => {
    setMore(!more);
    if (!more) setTimeout(() => document.getElementById("filter-station")?.focus(), 0);
  };
  useKey("filter", toggle);
  const count = (value: number | undefined): string => (value === undefined ? "" : ` ${value}`);
  return (
    <div className="filters">
      <div className="filters-line">
        <h2>队列 <span className="quiet">{counts ? `${counts.all} 件` : ""}</span></h2>
        <Segmented
          size="small"
          name="whose"
          aria-label="谁的"
          value={wish.whose}
          onChange={(whose) => set({ ...wish, whose })}
          options={[
            { value: "all" as const, label: `全部${count(counts?.all)}` },
            { value: "mine" as const, label: `我的${count(counts?.mine)}` },
            { value: "free" as const, label: `待领${count(counts?.free)}` },
          ]}
        />
      </div>
      <div className="filters-line">
        <Select size="small" aria-label="业务线" className="grow" value={wish.branch} onChange={(branch) => set({ ...wish, branch })}
          options={[{ value: "", label: "全部业务线" }, ...branches.map((one) => ({ value: one.id, label: one.name }))]} />
        <Select size="small" aria-label="排列" value={wish.sort} onChange={(sort) => set({ ...wish, sort })} options={[...SORT]} />
        <Button size="small" icon={<FilterOutlined />} type={narrowed(wish) ? "primary" : "default"} aria-expanded={more} onClick={toggle}>
          筛选 <Cap id="filter" />
        </Button>
      </div>
      {more && (
        <div className="filters-line">
          <Select size="small" id="filter-station" aria-label="单位" className="grow" value={wish.station} onChange={(station) => set({ ...wish, station })}
            options={[{ value: "", label: "全部单位" }, ...stations.map((one) => ({ value: one.id, label: one.name }))]} />
          <Select size="small" aria-label="状态" value={wish.status} onChange={(status) => set({ ...wish, status })} options={STATUS} popupMatchSelectWidth={false} />
          <Checkbox checked={wish.closed} onChange={(event) => set({ ...wish, closed: event.target.checked })}>含已办结</Checkbox>
        </div>
      )}
    </div>
  );
}
