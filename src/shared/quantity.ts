/** Pieces that one line of a cart holds at most. */
export const maxQuantity = 99;
