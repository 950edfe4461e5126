// The stand-in by itself, for developing: `npm run standin` beside `npm run dev`. Sign in as wang.
import { PASSWORD, StandinOffice } from "./office";
import { serve } from "./server";

const { address } = await serve(new StandinOffice(), 8790);
console.log(`stand-in office at ${address}; officers wang, li, zhao, zhou, sun (one-time); password: ${PASSWORD}`);
