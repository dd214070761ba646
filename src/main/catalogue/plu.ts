/**
 * What is wrong with an IFPS price look-up code, or null. Four digits from 3000 to 4999; a 9 before
 * them means organic (https://www.ifpsglobal.com/plu-codes).
 */
export function pluProblem(plu: string, organic: boolean): string | null {
  if (/^[34]\d{3}$/.test(plu)) {
    return organic ? `an organic product has a 9 before its PLU: 9${plu}` : null;
  }
  if (/^9[34]\d{3}$/.test(plu)) {
    return organic ? null : `PLU ${plu} means organic, but "organic" does not say yes`;
  }
  return `"${plu}" is no PLU: four digits from 3000 to 4999, with a 9 before them if organic`;
}
