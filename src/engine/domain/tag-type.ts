/**
 * What a tag stands for: `Negative` is the service's word for "none of the products", and
 * `GeneralProduct` its one for "any of them".
 */
export const tagTypes = ['Regular', 'Negative', 'GeneralProduct'] as const;
export type TagType = (typeof tagTypes)[number];
