// The page of all keys, read from the table.
import { Modal } from "antd";
import { Cap } from "./Cap";
import { KeyLayer, useKey } from "./keyboard";
import { GROUPS, KEYS, type KeyGroup, type KeyRow } from "./table";
import "./keys.css";

function Body({ close }: { close: () => void }): JSX.Element {
  useKey("leave", close);
  useKey("help", close);
  return (
    <div className="help">
      {(Object.keys(GROUPS) as KeyGroup[]).map((group) => (
        <div key={group} className="help-group" role="group" aria-label={GROUPS[group]}>
          <h2>{GROUPS[group]}</h2>
          <dl>
            {(KEYS as readonly (KeyRow & { id: (typeof KEYS)[number]["id"] })[])
              .filter((row) => row.group === group)
              .map((row) => (
                <div key={row.id} data-key={row.id}>
                  <dt><Cap id={row.id} /><span className="unseen">{row.caps.join(" ")}</span></dt>
                  <dd>{row.words}{row.twice && <span className="quiet">　再按一次确认</span>}</dd>
                </div>
              ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

export function Help({ open, close }: { open: boolean; close: () => void }): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open={open} onCancel={close} footer={null} width="min(1380px, 96vw)" title="全部快捷键" keyboard={false} destroyOnHidden centered>
      <KeyLayer over={5}><Body close={close} /></KeyLayer>
    </Modal>
  );
}
