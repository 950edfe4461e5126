// The person's pictures from the machine, beside the question whether it is the person who stands here.
import { pageAddress } from "../api/openings";
import { Photo } from "../papers/Photo";
import { useOpenOpening } from "./opening-context";

export function People(): JSX.Element | null {
  const { opening } = useOpenOpening();
  const { card_photo: card, live_photo: live } = opening;
  if (card === null && live === null) return null;
  const at = (page: typeof card): string | null => (page === null ? null : pageAddress(opening.id, page.attachment));
  return (
    <div className="opeople" role="group" aria-label="人像">
      <Photo address={at(card)} words="证件相" none="没有读卡" />
      <Photo address={at(live)} words="现场相" none="没有留相" />
    </div>
  );
}
