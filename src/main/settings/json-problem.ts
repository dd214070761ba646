/**
 * What `JSON.parse` of the text failed at, by line. V8's own message quotes what stands around the
 * place, which in a file of settings may be a key.
 */
export function jsonProblem(text: string, error: unknown): string {
  const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const line = place === undefined ? null : text.slice(0, Number(place)).split('\n').length;
  return line === null ? 'is not whole JSON' : `is not JSON: look at line ${line}`;
}
