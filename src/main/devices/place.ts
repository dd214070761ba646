import { z } from 'zod';
import type { Device, FoundDevice } from './device.ts';

/** What every driver is, whatever its settings. */
interface AnyDriver {
  readonly settings: z.ZodObject;
  readonly open: (settings: never, context: never) => Promise<Device>;
  readonly probe: () => Promise<readonly FoundDevice[]>;
}

type DriversByKind = Readonly<Record<string, AnyDriver>>;

type KindOf<Drivers> = keyof Drivers & string;

/** The settings of each driver, told apart by `kind`. */
export type SettingsOf<Drivers extends DriversByKind> = {
  [Kind in KindOf<Drivers>]: z.output<
    z.ZodObject<Drivers[Kind]['settings']['shape'] & { readonly kind: z.ZodLiteral<Kind> }>
  > & { readonly kind: Kind };
}[KindOf<Drivers>];

/** All that any driver of the place is given. */
type ContextOf<Drivers extends DriversByKind> = Drivers[KindOf<Drivers>]['open'] extends (
  settings: never,
  context: infer Context,
) => unknown
  ? Context
  : never;

type OpenedOf<Drivers extends DriversByKind> = Awaited<
  ReturnType<Drivers[KindOf<Drivers>]['open']>
>;

/** A place in the till, such as the camera's: every driver for it, by the kind that settings name. */
export interface Place<Drivers extends DriversByKind> {
  readonly drivers: Drivers;
  readonly kinds: readonly KindOf<Drivers>[];
  /**
   * Without a `kind` the default one is meant. What only other kinds of the place have is passed over,
   * so that another kind is tried by changing one word; what none of them has is refused.
   */
  readonly settings: z.ZodType<SettingsOf<Drivers>>;
  readonly open: (
    settings: SettingsOf<Drivers>,
    context: ContextOf<Drivers>,
  ) => Promise<OpenedOf<Drivers>>;
}

export function createPlace<const Drivers extends DriversByKind>(
  drivers: Drivers,
  defaultKind: KindOf<Drivers>,
): Place<Drivers> {
  const kinds: readonly KindOf<Drivers>[] = Object.keys(drivers);
  const settingsOfEach = kinds.map((kind) =>
    drivers[kind]!.settings.safeExtend({ kind: z.literal(kind) }),
  );
  const known = new Set(settingsOfEach.flatMap(({ shape }) => Object.keys(shape)));
  const [first, ...others] = settingsOfEach;
  if (first === undefined) throw new Error('A place without a driver has no settings.');

  const ofOneKind = (raw: unknown): unknown => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
    const given: Readonly<Record<string, unknown>> = { kind: defaultKind, ...raw };
    const own = settingsOfEach.find(({ shape }) => shape.kind.value === given['kind']);
    if (own === undefined) return given;
    return Object.fromEntries(
      Object.entries(given).filter(([name]) => Object.hasOwn(own.shape, name) || !known.has(name)),
    );
  };

  const expected = kinds.map((kind) => `"${kind}"`).join('|');
  const ofAllKinds = z.discriminatedUnion('kind', [first, ...others], {
    error: ({ code }) =>
      code === 'invalid_union' ? `Invalid option: expected one of ${expected}` : undefined,
  });
  return {
    drivers,
    kinds,
    // The table's type has each kind with its own settings; the list that made the union has lost that.
    settings: z.preprocess(ofOneKind, ofAllKinds) as unknown as z.ZodType<SettingsOf<Drivers>>,
    open: (settings, context) => {
      const open = drivers[settings.kind]!.open as (
        settings: SettingsOf<Drivers>,
        context: ContextOf<Drivers>,
      ) => Promise<OpenedOf<Drivers>>;
      return open(settings, context);
    },
  };
}
