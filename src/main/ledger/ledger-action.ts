/** What the ledger can be asked for on the command line. */
export const ledgerActions = ['verify', 'export'] as const;

export type LedgerAction = (typeof ledgerActions)[number];
