import { isErrorCode } from "@tributary/kernel";
import { type PullOrBeginOptions, pullOrBegin } from "../bootstrap/pull-or-begin.ts";
import { isCatchmentStream } from "../catchment/catchment-name.ts";
import { asFarAsCarried } from "../line/not-carried.ts";
import { snapshotWorthEntries } from "../line/protocol.ts";
import type { ParentLine } from "../parent-line.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import { pushToParent } from "../push/push-to-parent.ts";
import { emptyPushTally } from "../push/settle-unit.ts";
import { offerWhatIsNotKept } from "../restore/offer-what-is-not-kept.ts";
import { offerWhatWasLost } from "../restore/offer-what-was-lost.ts";
import type { OfferOptions } from "../restore/offering.ts";
import { beginOffer, endOffer } from "../restore/unfinished-offer.ts";
import type { ChildEnd } from "./child-end.ts";

/** A line and where what comes over it is written. */
export interface OpenPull {
  readonly line: ParentLine;
  readonly target: LocalTarget;
}

/** Pulls the records; once more with another stream when the parent has assigned another catchment. */
export async function pullRecords(
  child: ChildEnd,
  opened: OpenPull,
  openAnew: () => Promise<OpenPull>,
  signal: AbortSignal,
): Promise<void> {
  const {
    catchment,
    options: { database },
  } = child;
  let current = opened;
  let isTakenUp = false;
  const takeUp = async (beforeOthersLeave?: () => Promise<void>) => {
    const { link, connection, snapshots } = current.line;
    isTakenUp = await catchment.takeUp(link, connection, snapshots, signal, beforeOthersLeave);
    if (isTakenUp) current = await openAnew();
    return isTakenUp;
  };
  if (await catchment.mustBegin(opened.line.link)) {
    await takeUp(() => sendAgain(child, current.line, offerWhatIsNotKept, signal));
  }
  const pull = () => {
    const takeUpCatchment = async (stop: AbortSignal) => {
      const { parent, stream } = current.line.link;
      const meet = () => meetLossBefore(child, current.line, stop);
      await database.transaction((tx) => beginOffer(tx, parent));
      if (isCatchmentStream(stream)) await meet();
      // Who goes on with everything lets nobody leave, and meets a loss when the stream is read again.
      const isTaken = await takeUp(isCatchmentStream(stream) ? undefined : meet);
      if (isTaken) await database.transaction((tx) => endOffer(tx, parent));
      return isTaken;
    };
    const options = { ...pullOver(child, current.line), takeUpCatchment };
    return pullOrBegin(current.line.source, current.target, options, signal);
  };
  isTakenUp = false;
  await pull();
  if (isTakenUp) await pull();
  const { line, target } = current;
  const { link, connection, source } = line;
  await asFarAsCarried(catchment.fetch({ parent: link.parent, connection, source, target }, signal));
}

/**
 * Before a child takes its catchment up anew, which lets everybody leave whom the parent does not name, it sends again what
 * a parent that was restored has acknowledged and lost.
 */
function meetLossBefore(child: ChildEnd, line: ParentLine, signal: AbortSignal): Promise<void> {
  const offer: Offer = async (offered, stop) =>
    (await offerOverItsStream(offered, stop)) ?? (await offerWhatIsNotKept(offered, stop));
  return sendAgain(child, line, offer, signal);
}

/** Queues what a parent has lost, and returns how many records that were; `undefined` when it has lost nothing. */
type Offer = (options: OfferOptions, signal: AbortSignal) => Promise<number | undefined>;

async function sendAgain(child: ChildEnd, line: ParentLine, offer: Offer, signal: AbortSignal): Promise<void> {
  const { options } = child;
  const { link, connection, source } = line;
  const { parent, stream } = link;
  const records = await offer({ ...options, parent, stream, connection, source, keepsMarker: true }, signal);
  if (records === undefined) return;
  options.logger.warn({ parent, records }, "The parent has lost what it acknowledged; sending it again.");
  await asFarAsCarried(pushToParent(child.pushOver(line), emptyPushTally(), signal));
}

/** `undefined` when the stream is not this child's any more, or not from where it was read: it was assigned anew. */
function offerOverItsStream(offered: OfferOptions, signal: AbortSignal): Promise<number | undefined> {
  return unlessAssignedAnew<number | undefined>(offerWhatWasLost(offered, signal), undefined);
}

/** What the parent answers about a stream, or something else when it says that the stream is none of this child's. */
async function unlessAssignedAnew<Answer>(asked: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (isErrorCode(error, "REMOTE_REFUSED")) return otherwise;
    throw error;
  }
}

function pullOver(child: ChildEnd, line: ParentLine): PullOrBeginOptions {
  const { options, pulled } = child;
  const { snapshotAbove = snapshotWorthEntries } = options;
  const { link, connection, source, snapshots } = line;
  const { parent, stream } = link;
  const push = (stop: AbortSignal) => pushToParent(child.pushOver(line), emptyPushTally(), stop);
  return {
    ...options,
    parent,
    types: pulled,
    snapshots,
    snapshotAbove,
    push,
    ...(isCatchmentStream(stream) ? { onMissing: (records) => child.letLeave(parent, records) } : {}),
    onOtherHistory: async (stop) => {
      const records = await offerWhatWasLost({ ...options, parent, stream, connection, source }, stop);
      if (records === undefined) await options.database.transaction((tx) => endOffer(tx, parent));
      options.logger.warn({ parent, records }, "The parent has lost what it acknowledged; sending it again.");
      await asFarAsCarried(push(stop));
    },
  };
}
