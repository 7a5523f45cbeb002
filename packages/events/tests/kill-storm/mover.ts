/** A process that moves queued events until it is killed: `node mover.ts ADDRESS`. Nobody wakes it; it polls. */
import { openDatabase } from "@tributary/database";
import { silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import { openSequencer } from "../../src/sequencer/sequencer.ts";

const [address = ""] = process.argv.slice(2);
const database = await openDatabase({ address, connectionsMax: 1 });
process.send?.("ready");
openSequencer({
  database,
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  pollMs: 5,
  batchMax: 50,
  onMoved: () => process.send?.("moved"),
});
