/**
 * Numbered from 1 in the order they are written here; one that was released is never changed.
 * `published_name` is unique in a project, so that a name always means one iteration.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE project (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    domain_id TEXT NOT NULL,
    classification_type TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE tag (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL CHECK (type IN ('Regular', 'Negative', 'GeneralProduct')),
    UNIQUE (project_id, name)
  ) STRICT;
  CREATE TABLE image (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    photo TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (project_id, photo)
  ) STRICT;
  CREATE TABLE image_tag (
    image_id TEXT NOT NULL REFERENCES image(id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tag(id) ON DELETE CASCADE,
    PRIMARY KEY (image_id, tag_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE iteration (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('New', 'Training', 'Completed', 'Failed')),
    published_name TEXT,
    backbone_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    report TEXT NOT NULL,
    head BLOB,
    created_at TEXT NOT NULL,
    trained_at TEXT,
    UNIQUE (project_id, number),
    UNIQUE (project_id, published_name),
    CHECK (published_name IS NULL OR (status = 'Completed' AND head IS NOT NULL))
  ) STRICT;
  CREATE TABLE prediction (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    iteration_id TEXT NOT NULL,
    photo TEXT NOT NULL,
    predictions TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX prediction_by_time ON prediction (project_id, created_at);
  CREATE INDEX prediction_by_photo ON prediction (photo);
  CREATE INDEX image_by_photo ON image (photo);
  CREATE TABLE feature (
    photo TEXT NOT NULL,
    backbone_id TEXT NOT NULL,
    recipe_id TEXT NOT NULL,
    view_count INTEGER NOT NULL,
    halves BLOB NOT NULL,
    PRIMARY KEY (photo, backbone_id, recipe_id)
  ) STRICT;
  `,
];
