import { randomUUID } from 'node:crypto';

import type { TagType } from '../domain/tag-type.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { ProjectStore } from './project-store.ts';

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: TagType;
  readonly imageCount: number;
}

export interface NewTag {
  readonly name: string;
  readonly description?: string;
  readonly type?: TagType;
}

export interface TagStore {
  /** By name. */
  readonly list: (projectId: string) => Tag[];
  readonly get: (projectId: string, tagId: string) => Tag | undefined;
  readonly named: (projectId: string, name: string) => Tag | undefined;
  readonly create: (projectId: string, tag: NewTag) => Tag;
  readonly update: (projectId: string, tagId: string, changes: Partial<NewTag>) => Tag | undefined;
  readonly hasRegions: (tagId: string) => boolean;
  /** Whether a photo of it has another tag besides. */
  readonly sharesImages: (tagId: string) => boolean;
  /** Its photos stay, without it; false where there is no such tag. */
  readonly remove: (projectId: string, tagId: string) => boolean;
}

const columns = 'id, name, description, type, image_count AS imageCount';

export function createTagStore(
  database: Connection,
  projects: Pick<ProjectStore, 'noteNewContents'>,
): TagStore {
  const sql = {
    list: database.prepare(`SELECT ${columns} FROM tag WHERE project_id = ? ORDER BY name`),
    get: database.prepare(`SELECT ${columns} FROM tag WHERE project_id = ? AND id = ?`),
    named: database.prepare(`SELECT ${columns} FROM tag WHERE project_id = ? AND name = ?`),
    add: database.prepare(
      'INSERT INTO tag (id, project_id, name, description, type) VALUES (?, ?, ?, ?, ?)',
    ),
    update: database.prepare('UPDATE tag SET name = ?, description = ?, type = ? WHERE id = ?'),
    remove: database.prepare('DELETE FROM tag WHERE project_id = ? AND id = ?'),
    hasRegions: database.prepare('SELECT EXISTS (SELECT 1 FROM region WHERE tag_id = ?) AS found'),
    sharesImages: database.prepare(
      'SELECT EXISTS (SELECT 1 FROM image_tag JOIN image ON image.id = image_id ' +
        'WHERE tag_id = ? AND tag_count > 1) AS found',
    ),
  };

  const get = (projectId: string, tagId: string): Tag | undefined =>
    one(sql.get, projectId, tagId.toLowerCase()) as Tag | undefined;

  const update = (projectId: string, tagId: string, changes: Partial<NewTag>): Tag | undefined => {
    const old = get(projectId, tagId);
    if (!old) return undefined;
    const next = { ...old, ...changes };
    sql.update.run(next.name, next.description, next.type, old.id);
    if (next.type !== old.type) projects.noteNewContents(projectId);
    return get(projectId, tagId);
  };

  return {
    list: (projectId) => sql.list.all(projectId) as Tag[],
    get,
    named: (projectId, name) => one(sql.named, projectId, name) as Tag | undefined,
    create(projectId, { name, description = '', type = 'Regular' }) {
      const id = randomUUID();
      sql.add.run(id, projectId, name, description, type);
      return { id, name, description, type, imageCount: 0 };
    },
    update: (projectId, tagId, changes) =>
      atomically(database, () => update(projectId, tagId, changes)),
    hasRegions: (tagId) => (one(sql.hasRegions, tagId) as { found: number }).found === 1,
    sharesImages: (tagId) => (one(sql.sharesImages, tagId) as { found: number }).found === 1,
    remove: (projectId, tagId) => sql.remove.run(projectId, tagId.toLowerCase()).changes > 0,
  };
}
