import { useEffect, useState } from 'react';

/** The date when the screen came up and the time since, every `everyMs`: setting the clock changes nothing. */
export function useNow(everyMs: number): number {
  const [originMs] = useState(() => Date.now() - performance.now());
  const [nowMs, setNowMs] = useState(() => originMs + performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(originMs + performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [originMs, everyMs]);
  return nowMs;
}

/** Whole seconds left, never below zero. */
export function secondsLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}
