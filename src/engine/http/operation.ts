import type { z } from 'zod';

/** What a route does, said beside the route: the OpenAPI description is made of these alone. */
export interface Operation {
  /** As the official SDK calls it, in PascalCase as the service's own description does. */
  readonly id: string;
  readonly summary: string;
  /** Parameters of the query; what is not optional is required. */
  readonly query?: z.ZodObject;
  /** A picture as it is or as the field `imageData` of a form, or JSON. */
  readonly body?: 'picture' | z.ZodType;
  /** The JSON of the answer; nothing where it is null. */
  readonly answer: z.ZodType | null;
  /** What else a success may be answered with, such as 207 for a batch that failed in part. */
  readonly alsoStatus?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `page` is for people, or reached by a link that the engine gave: it is not described. */
    readonly operation?: Operation | 'page';
  }
}
