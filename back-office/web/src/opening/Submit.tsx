// At its fixed place: what still forbids submitting, in the office's words, and the act itself.
import { CheckOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Cap } from "../keys/Cap";
import { useOpenOpening } from "./opening-context";

export function Submit({ run }: { run: () => void }): JSX.Element {
  const { opening, saving } = useOpenOpening();
  return (
    <div className="decision-fixed">
      <div className="omissing" tabIndex={-1} role="group" aria-label="还差什么">
        {opening.missing.length > 0 ? (
          <>
            <p className="why-not"><WarningOutlined /> 还差 {opening.missing.length} 样，暂不能提交</p>
            <ul>{opening.missing.map((words) => <li key={words}>{words}</li>)}</ul>
          </>
        ) : opening.may_submit ? (
          <p className="oready">都齐了。提交后成为您名下的办件，接着就能办。</p>
        ) : (
          <p className="why-not"><WarningOutlined /> 暂不能提交</p>
        )}
      </div>
      <Button className="osubmit" type="primary" block icon={<CheckOutlined />} disabled={!opening.may_submit} loading={saving && opening.may_submit} onClick={run}>提交 <Cap id="hand-in" /></Button>
    </div>
  );
}
