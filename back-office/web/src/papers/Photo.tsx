// A small picture of a person, with what it is; says which one is missing and why nothing is seen.
import { useState } from "react";

interface Props {
  address: string | null;
  words: string;
  /** What stands in its place when there is none. */
  none: string;
}

export function Photo({ address, words, none }: Props): JSX.Element {
  const [failed, setFailed] = useState(false);
  return (
    <figure className="photo">
      {address === null || failed ? <span className="photo-none">{failed ? "没有取到" : none}</span> : <img src={address} alt={words} onError={() => setFailed(true)} />}
      <figcaption>{words}</figcaption>
    </figure>
  );
}
