// The steps at the left: done, now, wrong; after them papers and submitting.
import { CheckCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { useOpenOpening } from "./opening-context";
import { END, stateOf, type StepState } from "./steps";

const WORDS: Record<StepState, string> = { done: "填好了", wrong: "有要改的", open: "" };

interface Props {
  place: string;
  go: (place: string) => void;
}

export function StepNav({ place, go }: Props): JSX.Element {
  const { opening } = useOpenOpening();
  const row = (id: string, number: number, title: string, state: StepState, words = WORDS[state]): JSX.Element => (
    <li key={id}>
      <button type="button" className={`ostep ${state} ${id === place ? "now" : ""}`} aria-current={id === place ? "step" : undefined} onClick={() => go(id)}>
        <span className="ostep-mark" aria-hidden="true">{state === "done" ? <CheckCircleFilled /> : state === "wrong" ? <ExclamationCircleFilled /> : number}</span>
        <span className="ostep-title">{title}</span>
        {words !== "" && <span className="ostep-state">{words}</span>}
      </button>
    </li>
  );
  return (
    <nav className="osteps" aria-label="步骤">
      <ol>
        {opening.steps.map((step, at) => row(step.id, at + 1, step.title, stateOf(step)))}
        {row(END, opening.steps.length + 1, "材料与提交", opening.may_submit ? "done" : "open", opening.may_submit ? "可以提交" : "")}
      </ol>
    </nav>
  );
}
