import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import { smallNames } from '../json-names.ts';

/** What a request asks for in its query, each parameter read and refused by its name. */
export interface Inputs {
  /** Undefined where it is missing or empty. */
  readonly text: (name: string) => string | undefined;
  readonly required: (name: string) => string;
  readonly flag: (name: string) => boolean;
  readonly whole: (
    name: string,
    range: { readonly least: number; readonly most: number; readonly otherwise: number },
  ) => number;
  readonly choice: <T extends string>(
    name: string,
    choices: readonly T[],
    code?: string,
  ) => T | undefined;
  /** A comma list; undefined where it is missing or empty. */
  readonly list: (name: string) => readonly string[] | undefined;
  /** A comma list of ids in small letters, each once. */
  readonly ids: (name: string, most: number) => readonly string[] | undefined;
}

const idPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function isId(text: string): boolean {
  return idPattern.test(text);
}

/** `query` is the parsed query string; names are taken in any letter case, as the service does. */
export function inputsOf(query: unknown): Inputs {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (typeof text === 'string' && text !== '') values.set(name.toLowerCase(), text);
  }
  const text = (name: string): string | undefined => values.get(name.toLowerCase());
  const list = (name: string): readonly string[] | undefined => {
    const parts = text(name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    return parts?.length ? parts : undefined;
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) {
        throw badRequest('BadRequestRequiredParamIsNull', `The parameter ${name} is missing.`);
      }
      return value;
    },
    flag(name) {
      const value = text(name)?.toLowerCase() ?? 'false';
      if (value !== 'true' && value !== 'false') {
        throw badRequest('BadRequest', `The parameter ${name} must be true or false.`);
      }
      return value === 'true';
    },
    whole(name, { least, most, otherwise }) {
      const value = text(name);
      if (value === undefined) return otherwise;
      if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most) {
        throw badRequest(
          'BadRequest',
          `The parameter ${name} must be a whole number from ${least} to ${most}.`,
        );
      }
      return Number(value);
    },
    choice(name, choices, code = 'BadRequest') {
      const value = text(name);
      if (value === undefined) return undefined;
      const choice = choices.find((each) => each.toLowerCase() === value.toLowerCase());
      if (choice === undefined) {
        throw badRequest(code, `The parameter ${name} must be one of ${choices.join(', ')}.`);
      }
      return choice;
    },
    list,
    ids(name, most) {
      const given = list(name);
      if (!given) return undefined;
      if (given.length > most) throw tooMany(name, most);
      const wrong = given.find((id) => !isId(id));
      if (wrong !== undefined) {
        throw badRequest('BadRequestInvalidIds', `The parameter ${name} has what is no id.`);
      }
      return [...new Set(given.map((id) => id.toLowerCase()))];
    },
  };
}

export function tooMany(what: string, most: number) {
  return badRequest('BadRequestExceededBatchSize', `${what}: at most ${most} are allowed.`);
}

/** @throws ServiceError that says where the body is not what was expected. */
export function jsonBody<T>(body: unknown, schema: z.ZodType<T>): T {
  if (!Buffer.isBuffer(body) || body.byteLength === 0) {
    throw badRequest('BadRequestRequiredParamIsNull', 'The request has no body; send JSON.');
  }
  // Parsed in one go, in which nobody else is answered.
  if (body.byteLength > limits.batchTextBytes) {
    throw serviceErrors.bodyTooLarge(limits.batchTextBytes);
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest('BadRequest', 'The body is not JSON.');
  }
  return checked(value, schema);
}

/** @throws ServiceError */
export function checked<T>(value: unknown, schema: z.ZodType<T>): T {
  // A body that is all a dictionary has the client's own names.
  const result = schema.safeParse(schema instanceof z.ZodRecord ? value : smallNames(value));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw badRequest(
    'BadRequest',
    `The body is not as expected${path === '' ? '' : ` at "${path}"`}: ${issue?.message ?? ''}.`,
  );
}

const owners = { Project: "A project's", Tag: "A tag's", Iteration: "An iteration's" } as const;

// Control characters break lists of labels into other lines, and the database keeps no text whole
// that has a NUL or half of a pair of UTF-16.
const namePattern = /^[^\p{Cc}\p{Cs}]+$/u;
const textPattern = /^[^\0\p{Cs}]*$/u;

/** The name without blanks around it. @throws ServiceError `BadRequest{what}Name` */
export function nameOf(what: keyof typeof owners, text: string): string {
  const name = text.trim();
  if (name.length > limits.nameCharacters || !namePattern.test(name)) {
    throw badRequest(
      `BadRequest${what}Name`,
      `${owners[what]} name must have 1 to ${limits.nameCharacters} characters, none of which ` +
        'breaks a line or is another control character.',
    );
  }
  return name;
}

/** The old name where no other is given: what was moved in may have one that no call would make. */
export function renamed(
  what: keyof typeof owners,
  old: string,
  text: string | null | undefined,
): string {
  return text === null || text === undefined || text === old ? old : nameOf(what, text);
}

/** @throws ServiceError `BadRequest{what}Description` */
export function descriptionOf(what: 'Project' | 'Tag', text: string): string {
  if (text.length > limits.descriptionCharacters || !textPattern.test(text)) {
    throw badRequest(
      `BadRequest${what}Description`,
      `A description may have at most ${limits.descriptionCharacters} characters, and must be ` +
        'proper Unicode without NUL.',
    );
  }
  return text;
}
