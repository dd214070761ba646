/**
 * The service's domains. The engine trains every one of a type alike; the id is kept for the
 * clients.
 */
export const domains = [
  {
    name: 'general',
    title: 'General',
    id: 'ee85a74c-405e-4adc-bb47-ffa8ca0c9f31',
    type: 'Classification',
  },
  {
    name: 'food',
    title: 'Food',
    id: 'c151d5b5-dd07-472a-acc8-15d29dea8518',
    type: 'Classification',
  },
  {
    name: 'retail',
    title: 'Retail',
    id: 'b30a91ae-e3c1-4f73-a81e-c270bff27c39',
    type: 'Classification',
  },
  {
    name: 'general-compact',
    title: 'General (compact)',
    id: '0732100f-1a38-4e49-a514-c9b44c697ab5',
    type: 'Classification',
  },
  {
    name: 'detection',
    title: 'General',
    id: 'da2e3a8a-40a5-4171-82f4-58522f70fbc1',
    type: 'ObjectDetection',
  },
  {
    name: 'detection-compact',
    title: 'General (compact)',
    id: 'a27d5ca5-bb19-49d8-a70a-fec086c47f5b',
    type: 'ObjectDetection',
  },
] as const;

export type Domain = (typeof domains)[number];

/** By name or id, in any letter case. */
export function findDomain(nameOrId: string): Domain | undefined {
  const wanted = nameOrId.toLowerCase();
  return domains.find(({ name, id }) => name === wanted || id === wanted);
}

/** What a trained iteration of the domain can be exported to: a head is a plain ONNX graph. */
export function exportablePlatforms({ type }: Pick<Domain, 'type'>): readonly string[] {
  return type === 'Classification' ? ['ONNX'] : [];
}
