import type { LayoutItem } from '../../shared/capture.ts';
import type { Touchable } from '../../shared/contracts/demo.ts';

/** What can be touched in the demo's world view. */
export function touchablesOf(items: readonly LayoutItem[]): readonly Touchable[] {
  return items.map(({ kind, productId, instanceId, rect }) => ({
    kind,
    productId,
    instanceId: instanceId ?? null,
    rect,
  }));
}
