// A PDF on the dark stage: its pages below each other, zoomed and turned like pictures, scrolled with the arrow keys.
import { Button, Spin } from "antd";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { drawPdf, MOST_PAGES, openPdf, type PdfFile, type PdfPage } from "./pdf";
import { drawn, type View } from "./view";

interface Props {
  address: string;
  title: string;
  view: View;
  /** How many pages it has, once that is known. */
  counted?: (pages: number) => void;
}

const MARGIN = 24;

export function PdfStage({ address, title, view, counted }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState({ width: 0, height: 0 });
  const [pages, setPages] = useState<PdfPage[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const tell = useRef(counted);
  tell.current = counted;

  useEffect(() => {
    const gone = new AbortController();
    let file: PdfFile | null = null;
    setPages(null);
    setFailed(false);
    (async () => {
      file = await openPdf(address, gone.signal);
      const many = Math.min(file.numPages, MOST_PAGES);
      const all = await Promise.all(Array.from({ length: many }, (_, at) => (file as PdfFile).getPage(at + 1)));
      if (gone.signal.aborted) return;
      setPages(all);
      tell.current?.(file.numPages);
    })().catch(() => !gone.signal.aborted && setFailed(true));
    return () => {
      gone.abort();
      void file?.loadingTask.destroy();
    };
  }, [address, tries]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => setStage({ width: element.clientWidth - 2 * MARGIN, height: element.clientHeight - 2 * MARGIN }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  return (
    <div className="stage dark" ref={box} tabIndex={0} role="group" aria-label={`${title}，PDF，可用方向键移动`}>
      {failed && (
        <div className="stage-words">
          <p>这份 PDF 没有打开，原件还在服务器上。</p>
          <Button size="small" onClick={() => setTries(tries + 1)}>再取一次</Button> <a href={address} download>取下来看（记入审计）</a>
        </div>
      )}
      {!failed && pages === null && <div className="stage-words"><Spin /></div>}
      {pages !== null && stage.width > 0 && (
        <div className="pdf-pages">
          {pages.map((page) => <Drawn key={page.pageNumber} page={page} stage={stage} view={view} title={title} many={pages.length} />)}
        </div>
      )}
    </div>
  );
}

function Drawn({ page, stage, view, title, many }: { page: PdfPage; stage: { width: number; height: number }; view: View; title: string; many: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ready, setReady] = useState(false);
  const whole = page.getViewport({ scale: 1 });
  const size = drawn(view, { width: whole.width, height: whole.height }, stage);
  const lies = view.turn === 90 || view.turn === 270;
  const width = lies ? size.height : size.width;
  useEffect(() => {
    if (!canvas.current) return undefined;
    setReady(false);
    const work = drawPdf(page, canvas.current, width, view.turn, window.devicePixelRatio);
    work.done.then(() => setReady(true), () => undefined);
    return work.stop;
  }, [page, width, view.turn]);
  return (
    <figure className="sheet pdf-page" style={{ width, height: lies ? size.width : size.height }}>
      <canvas ref={canvas} role="img" aria-label={`${title} 第 ${page.pageNumber} 页`} data-ready={ready} />
      {many > 1 && <figcaption>{page.pageNumber} / {many}</figcaption>}
    </figure>
  );
}
