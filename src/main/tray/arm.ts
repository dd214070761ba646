import type { Candidate } from './candidates.ts';
import type { Component, Components } from './components.ts';
import { STRONG } from './components.ts';
import type { Outline } from './outline.ts';
import type { TrayOptions } from './tray-options.ts';
import type { View } from './view.ts';

/**
 * How many milliseconds to wait for a change that may be an arm, which is known by coming in over the
 * picture's border with its own edges.
 */
export type ArmPatience = (candidate: Candidate, lines: Outline) => number;

export function createArmPatience(
  width: number,
  height: number,
  view: View,
  components: Components,
  settings: TrayOptions,
): ArmPatience {
  const { accepted, mean, flags } = view;
  const armContact = settings.armContact * Math.min(width, height);

  /** Whether a change at the border goes on inwards as it is: the shadow of an item near it grows. */
  function crossesBorder(component: Component, hasEdge: boolean): boolean {
    const { left, top, right, bottom } = component;
    return (
      (top <= 1 && goesOnInwards(component, hasEdge, left, right, 1, 0, 0, 1)) ||
      (bottom >= height - 2 &&
        goesOnInwards(component, hasEdge, left, right, 1, 0, height - 1, -1)) ||
      (left <= 1 && goesOnInwards(component, hasEdge, top, bottom, 0, 1, 0, 1)) ||
      (right >= width - 2 && goesOnInwards(component, hasEdge, top, bottom, 0, 1, width - 1, -1))
    );
  }

  /** The same for one side: pixels `from`–`to` along it, at `side`, `inwards` the way in. */
  function goesOnInwards(
    component: Component,
    hasEdge: boolean,
    from: number,
    to: number,
    alongX: 0 | 1,
    alongY: 0 | 1,
    side: number,
    inwards: 1 | -1,
  ): boolean {
    const depth = Math.max(6, Math.round(width * 0.07));
    const stride = inwards * (alongX === 1 ? width : 1);
    let n = 0;
    let atBorder = 0;
    let inside = 0;
    let alike = 0;
    for (let i = from; i <= to; i++) {
      const x = alongX === 1 ? i : side + inwards;
      const y = alongY === 1 ? i : side + inwards;
      const p = y * width + x;
      if ((flags[p]! & STRONG) === 0 || components.labelAt(x, y) !== component.label) continue;
      n++;
      atBorder += Math.abs(mean[p]! - accepted[p]!);
      let most = 0;
      let unlike = 0;
      for (let k = 3; k <= depth; k++) {
        const q = p + k * stride;
        most = Math.max(most, Math.abs(mean[q]! - accepted[q]!));
        if (Math.abs(mean[q]! - mean[p]!) > 8 + 0.08 * mean[p]!) unlike++;
      }
      inside += most;
      if (unlike <= 1) alike++;
    }
    if (n < armContact * 0.75) return false;
    // A sleeve as dark as the tray's rim changes little there, but looks the same further in.
    return atBorder > 0.65 * inside || (hasEdge && alike >= armContact * 0.75);
  }

  return (candidate, lines) => {
    if (lines.contact >= armContact) return settings.armPatienceMs;
    const hasEdge = lines.contact > 0;
    if (candidate.isArm && crossesBorder(candidate.component, hasEdge)) {
      return settings.armPatienceMs;
    }
    return hasEdge ? settings.stillAtBorderMs : 0;
  };
}
