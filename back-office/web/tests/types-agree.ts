// The hand-written shapes against the generated ones: `tsc` fails here when they part. Nothing runs.
import type { components } from "../src/api/schema";
import type * as account from "../src/api/account";
import type * as openings from "../src/api/openings";
import type * as counter from "../src/api/counter-types";
import type * as hand from "../src/api/types";

type Told = components["schemas"];

/** Both ways assignable. */
type Agrees<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const agree = <Answer extends true>(answer?: Answer): Answer | undefined => answer;

agree<Agrees<hand.Me, Told["Me"]>>();
agree<Agrees<hand.Case, Told["Case"]>>();
agree<Agrees<hand.Queue, Told["Queue"]>>();
agree<Agrees<hand.Paper, Told["Paper"]>>();
agree<Agrees<hand.Check, Told["Check"]>>();
agree<Agrees<hand.FormStep, Told["FormStep"]>>();
agree<Agrees<hand.Person, Told["Person"]>>();
agree<Agrees<hand.Applicant, Told["Applicant"]>>();
agree<Agrees<hand.CaseDetail, Told["CaseDetail"]>>();
agree<Agrees<hand.Preview, Told["Preview"]>>();
agree<Agrees<hand.SupplementReasons, Told["SupplementReasons"]>>();
agree<Agrees<{ officers: hand.Colleague[] }, Told["Colleagues"]>>();
agree<Agrees<account.Ways, Told["Ways"]>>();
agree<Agrees<account.Account, Told["Account"]>>();
agree<Agrees<openings.Opening, Told["Opening"]>>();
agree<Agrees<{ openings: openings.OpeningRow[] }, Told["Openings"]>>();
agree<Agrees<{ services: openings.ServiceRow[] }, Told["Services"]>>();
agree<Agrees<counter.Tickets, Told["Tickets"]>>();
agree<Agrees<counter.Desk, Told["Desk"]>>();
agree<Agrees<counter.CopyAid, Told["CopyAid"]>>();
agree<Agrees<counter.Board, Told["Board"]>>();
agree<Agrees<counter.Volumes, Told["Volumes"]>>();
agree<Agrees<counter.RatingReport, Told["RatingReport"]>>();
/** What is sent may be narrower than what is taken. */
agree<[hand.Decision] extends [Told["Decision"]] ? true : false>();
