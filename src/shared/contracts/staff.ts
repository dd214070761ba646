import type { Contract, Request } from './contract.ts';

/** What a request takes of whoever has signed in. */
export interface TakesRight {
  readonly right: string;
}

export interface StaffContract extends Contract {
  readonly audience: 'staff';
  readonly requests: Readonly<Record<string, Request & TakesRight>>;
}

/** The same request, for those alone who have the right. */
export function withRight<R extends Request>(right: string, request: R): R & TakesRight {
  return { ...request, right };
}

/** What staff may cause. There is nothing yet: staff mode brings it. */
export const staff = {
  audience: 'staff',
  requests: {},
  messages: {},
  events: {},
} satisfies StaffContract;
