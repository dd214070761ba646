import { stand } from '../acts/stand.ts';
import { visit } from '../acts/visit.ts';
import type { Spot } from '../lying.ts';
import { between, pick } from '../random.ts';
import { anyGround } from './kind.ts';
import type { Kind, PlayContext } from './kind.ts';
import { anyThing, layOne, pauseOf, sale, startOf, thingWithRoom } from './sale.ts';

/** What people do who buy nothing just then. */
export const handKinds = {
  'hand-rests': {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      let atS = startOf(random);
      for (const act of ['lay', 'rest', 'lay', 'lay', 'rest', 'lay', 'lay'] as const) {
        if (act === 'lay') {
          atS = await layOne(context, atS);
          continue;
        }
        const lift = between(random, 0.02, 0.2);
        atS = visit(script, atS, somewhere(context), between(random, 2, 6), { lift });
        atS += pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  /** A thing is held over the tray, and then laid down or taken away. */
  'hand-holds': {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      let atS = startOf(random);
      for (const act of ['held', 'lay', 'away', 'held', 'lay', 'held'] as const) {
        const stillS = between(random, 1, 4);
        if (act !== 'away') {
          atS = await layOne(context, atS, act === 'held' ? { hoverS: stillS } : {});
          continue;
        }
        const found = await thingWithRoom(context, anyThing);
        if (found === null) continue;
        const { thing, spot } = found;
        atS = visit(script, atS, spot, stillS, { thing, lift: between(random, 0.4, 0.9) });
        atS += pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  /** Somebody at the border from the start who leaves, or who comes and stays. */
  'person-leaves': {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      const stays = random() < 0.3;
      const changesS = between(random, 3, 12);
      const durationS = 26;
      stand(
        script,
        {
          person: context.person(),
          side: pick(random, [0, Math.PI / 2, Math.PI, -Math.PI / 2]),
          along: between(random, 0.2, 0.8),
          depthPx: between(random, 8, 34) * script.scale,
          comesS: stays ? changesS : 0,
          leavesS: stays ? Infinity : changesS,
          isStill: random() < 0.4,
        },
        durationS,
      );
      return Math.min(durationS, await sale(context));
    },
  },
} satisfies Record<string, Kind>;

function somewhere({ random, script }: PlayContext): Spot {
  return {
    x: between(random, 0.3, 0.7) * script.width,
    y: between(random, 0.3, 0.7) * script.height,
    angle: 0,
  };
}
