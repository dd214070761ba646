import { request as httpRequest } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | null;
  readonly agent: Agent | undefined;
  readonly signal: AbortSignal;
  readonly mostAnswerBytes: number;
}

/** `code` of the error that an answer over `mostAnswerBytes` rejects with. */
export const tooMuch = 'ERR_ANSWER_TOO_LARGE';

/**
 * One request and its whole answer; follows no redirect. Rejects with Node's errors, also where the
 * connection ends before the announced end of the body.
 */
export async function exchange(url: string, wanted: Exchange): Promise<Response> {
  const { method, headers, body, agent, signal } = wanted;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, { method, headers, agent, signal }, resolve);
    request.on('error', reject);
    // With its length known, the body goes out whole and not in chunks.
    request.end(body ?? undefined);
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > wanted.mostAnswerBytes) {
      throw Object.assign(new Error('The answer is too large.'), { code: tooMuch });
    }
    chunks.push(chunk);
  }
  const status = incoming.statusCode ?? 0;
  const answer = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) answer.append(name, value);
  }
  const mayHaveBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(mayHaveBody ? Buffer.concat(chunks) : null, { status, headers: answer });
}
