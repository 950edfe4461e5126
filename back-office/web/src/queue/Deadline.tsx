// A deadline as colour, icon and word together.
import { ClockCircleOutlined, ExclamationOutlined, PauseOutlined } from "@ant-design/icons";
import type { Deadline as Told } from "../api/types";

export function Deadline({ deadline }: { deadline: Told }): JSX.Element | null {
  if (deadline.words === "") return null;
  const icon =
    deadline.group === "overdue" ? <ExclamationOutlined /> : deadline.group === "paused" ? <PauseOutlined /> : deadline.group === "ended" ? null : <ClockCircleOutlined />;
  return <span className={`pill ${deadline.group}`}>{icon}{deadline.words}</span>;
}
