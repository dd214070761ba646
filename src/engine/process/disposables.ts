export type Dispose = () => void | Promise<void>;

/**
 * Runs them in the opposite order, one after another, and takes them off the list.
 * @throws what one of them threw, or AggregateError of several, when all have run.
 */
export async function disposeAll(disposables: Dispose[]): Promise<void> {
  const faults: unknown[] = [];
  for (let close = disposables.pop(); close; close = disposables.pop()) {
    try {
      await close();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 1) {
    const reasons = faults.map((fault) => (fault instanceof Error ? fault.message : String(fault)));
    throw new AggregateError(faults, `The engine did not close well: ${reasons.join(' ')}`);
  }
  if (faults.length === 1) throw faults[0];
}
