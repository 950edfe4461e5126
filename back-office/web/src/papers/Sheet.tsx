// One page on the dark stage: fetched as the officer, drawn at the wanted size, dragged with the mouse or scrolled with the keys.
import { Button, Spin } from "antd";
import { useLayoutEffect, useRef, useState, type PointerEvent } from "react";
import type { Page } from "../api/types";
import { PdfStage } from "./PdfStage";
import { drawn, type View } from "./view";

interface Props {
  /** Where the page is fetched. */
  address: string;
  page: Page;
  title: string;
  view: View;
}

const MARGIN = 24;

export function Sheet({ address: plain, page, title, view }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState({ width: 0, height: 0 });
  const [picture, setPicture] = useState<{ width: number; height: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const grip = useRef<{ x: number; y: number } | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => setStage({ width: element.clientWidth - 2 * MARGIN, height: element.clientHeight - 2 * MARGIN }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!grip.current || !box.current) return;
    box.current.scrollLeft -= event.clientX - grip.current.x;
    box.current.scrollTop -= event.clientY - grip.current.y;
    grip.current = { x: event.clientX, y: event.clientY };
  };

  const address = `${plain}${tries > 0 ? `?try=${tries}` : ""}`;
  if (page.media_type === "application/pdf") {
    return (
      <>
        <PdfStage address={address} title={title} view={view} />
        <p className="stage-file">图不全时 <a href={address} download>取下来看</a></p>
      </>
    );
  }
  if (!page.media_type.startsWith("image/")) {
    return (
      <div className="stage dark" ref={box}>
        <div className="stage-words">
          <p>这份是文件，不是相片，这里看不了。</p>
          <a href={address} download>取下来看（记入审计）</a>
        </div>
      </div>
    );
  }
  const size = picture && drawn(view, picture, stage);
  const lies = view.turn === 90 || view.turn === 270;
  return (
    <div
      className="stage dark" ref={box} tabIndex={0} role="group" aria-label={`${title}，可用方向键移动`}
      onPointerDown={(event) => (grip.current = { x: event.clientX, y: event.clientY })}
      onPointerMove={drag} onPointerUp={() => (grip.current = null)} onPointerLeave={() => (grip.current = null)}
    >
      {failed ? (
        <div className="stage-words">
          <p>这一页没有取到，材料还在服务器上。</p>
          <Button size="small" onClick={() => { setFailed(false); setTries(tries + 1); }}>再取一次</Button>
        </div>
      ) : (
        <div className="sheet" style={size ? { width: lies ? size.height : size.width, height: lies ? size.width : size.height } : undefined}>
          {!picture && <Spin className="sheet-wait" />}
          <img
            key={address} src={address} alt={title} draggable={false}
            style={size ? { width: size.width, height: size.height, transform: `translate(-50%, -50%) rotate(${view.turn}deg)` } : { visibility: "hidden" }}
            onLoad={(event) => setPicture({ width: event.currentTarget.naturalWidth || 800, height: event.currentTarget.naturalHeight || 1100 })}
            onError={() => setFailed(true)}
          />
        </div>
      )}
    </div>
  );
}
