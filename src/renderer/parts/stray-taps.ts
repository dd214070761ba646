/**
 * Drops the later taps of a double tap where the key of the first has gone from under them: they
 * were meant for it, not for what has come up in its place.
 */
export function dropStrayTaps(page: Document): void {
  let touched: Element | null = null;
  page.addEventListener(
    'click',
    (event) => {
      if (event.detail > 1 && touched?.isConnected === false) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const target = event.target instanceof Element ? event.target : null;
      // What a key shows may be drawn anew while the key stays.
      touched = target?.closest('button') ?? target;
    },
    { capture: true },
  );
}
