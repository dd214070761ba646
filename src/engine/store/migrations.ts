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
  // Counts are kept beside the rows, so that they cost the same with 100,000 photos as with ten.
  `
  ALTER TABLE project ADD COLUMN image_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE project ADD COLUMN tagged_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE project ADD COLUMN content_revision INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE project ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE tag ADD COLUMN image_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE image ADD COLUMN tag_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE image ADD COLUMN tagged INTEGER GENERATED ALWAYS AS (tag_count > 0) VIRTUAL;
  ALTER TABLE image ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE image_tag ADD COLUMN image_created_at TEXT NOT NULL DEFAULT '';
  ALTER TABLE image_tag ADD COLUMN created_at TEXT NOT NULL DEFAULT '';

  UPDATE image_tag SET image_created_at =
    (SELECT created_at FROM image WHERE image.id = image_tag.image_id);
  UPDATE image_tag SET created_at = image_created_at;
  UPDATE image SET tag_count =
    (SELECT COUNT(*) FROM image_tag WHERE image_tag.image_id = image.id);
  UPDATE tag SET image_count = (SELECT COUNT(*) FROM image_tag WHERE image_tag.tag_id = tag.id);
  UPDATE project SET
    image_count = (SELECT COUNT(*) FROM image WHERE image.project_id = project.id),
    tagged_count =
      (SELECT COUNT(*) FROM image WHERE image.project_id = project.id AND tag_count > 0);

  CREATE INDEX image_by_time ON image (project_id, created_at, id);
  CREATE INDEX image_by_tagged ON image (project_id, tagged, created_at, id);
  CREATE INDEX image_tag_by_time ON image_tag (tag_id, image_created_at, image_id);

  CREATE TABLE region (
    id TEXT PRIMARY KEY,
    image_id TEXT NOT NULL REFERENCES image(id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tag(id) ON DELETE CASCADE,
    "left" REAL NOT NULL,
    top REAL NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX region_by_image ON region (image_id);
  CREATE INDEX region_by_tag ON region (tag_id);

  CREATE TRIGGER image_added AFTER INSERT ON image BEGIN
    UPDATE project SET image_count = image_count + 1 WHERE id = NEW.project_id;
  END;
  CREATE TRIGGER image_removed AFTER DELETE ON image BEGIN
    UPDATE project SET image_count = image_count - 1, tagged_count = tagged_count - OLD.tagged
    WHERE id = OLD.project_id;
  END;
  CREATE TRIGGER image_tagged_or_not AFTER UPDATE OF tag_count ON image
  WHEN (OLD.tag_count > 0) <> (NEW.tag_count > 0) BEGIN
    UPDATE project SET tagged_count = tagged_count + (NEW.tag_count > 0) - (OLD.tag_count > 0)
    WHERE id = NEW.project_id;
  END;
  CREATE TRIGGER image_tag_added AFTER INSERT ON image_tag BEGIN
    UPDATE tag SET image_count = image_count + 1 WHERE id = NEW.tag_id;
    UPDATE image SET tag_count = tag_count + 1 WHERE id = NEW.image_id;
    UPDATE project SET content_revision = content_revision + 1
    WHERE id = (SELECT project_id FROM image WHERE id = NEW.image_id);
  END;
  CREATE TRIGGER image_tag_removed AFTER DELETE ON image_tag BEGIN
    UPDATE tag SET image_count = image_count - 1 WHERE id = OLD.tag_id;
    UPDATE image SET tag_count = tag_count - 1 WHERE id = OLD.image_id;
    -- Whichever of the two is being removed is gone by now.
    UPDATE project SET content_revision = content_revision + 1
    WHERE id = (SELECT project_id FROM image WHERE id = OLD.image_id)
      OR id = (SELECT project_id FROM tag WHERE id = OLD.tag_id);
  END;
  CREATE TRIGGER region_added AFTER INSERT ON region BEGIN
    INSERT OR IGNORE INTO image_tag (image_id, tag_id, image_created_at, created_at)
    VALUES (
      NEW.image_id,
      NEW.tag_id,
      (SELECT created_at FROM image WHERE id = NEW.image_id),
      NEW.created_at
    );
    UPDATE project SET content_revision = content_revision + 1
    WHERE id = (SELECT project_id FROM image WHERE id = NEW.image_id);
  END;
  CREATE TRIGGER region_removed AFTER DELETE ON region BEGIN
    DELETE FROM image_tag
    WHERE image_id = OLD.image_id AND tag_id = OLD.tag_id AND NOT EXISTS (
      SELECT 1 FROM region WHERE image_id = OLD.image_id AND tag_id = OLD.tag_id
    );
    UPDATE project SET content_revision = content_revision + 1
    WHERE id = (SELECT project_id FROM image WHERE id = OLD.image_id);
  END;

  ALTER TABLE iteration ADD COLUMN domain_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE iteration ADD COLUMN classification_type TEXT NOT NULL DEFAULT 'Multiclass';
  ALTER TABLE iteration ADD COLUMN training_type TEXT NOT NULL DEFAULT 'Regular';
  ALTER TABLE iteration ADD COLUMN reserved_hours INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE iteration ADD COLUMN modified_at TEXT NOT NULL DEFAULT '';
  ALTER TABLE iteration ADD COLUMN training_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE iteration ADD COLUMN error_details TEXT;
  ALTER TABLE iteration ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE iteration ADD COLUMN publish_resource TEXT;
  ALTER TABLE iteration ADD COLUMN content_revision INTEGER;
  ALTER TABLE iteration ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
  UPDATE iteration SET
    modified_at = created_at,
    domain_id = (SELECT domain_id FROM project WHERE project.id = iteration.project_id),
    classification_type =
      (SELECT classification_type FROM project WHERE project.id = iteration.project_id);
  CREATE INDEX iteration_by_status ON iteration (status, created_at);

  -- What an iteration was trained on, and what its cross-validation said of each photo: it stays
  -- as it was when the photo is taken out of the project later.
  CREATE TABLE iteration_image (
    iteration_id TEXT NOT NULL REFERENCES iteration(id) ON DELETE CASCADE,
    image_id TEXT NOT NULL,
    photo TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    labels TEXT NOT NULL,
    validation BLOB,
    PRIMARY KEY (iteration_id, image_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX iteration_image_by_time ON iteration_image (iteration_id, created_at, image_id);
  CREATE INDEX iteration_image_by_photo ON iteration_image (photo);
  CREATE INDEX iteration_image_by_image ON iteration_image (image_id);
  `,
  `
  CREATE TABLE project_import (
    project_id TEXT PRIMARY KEY REFERENCES project(id) ON DELETE CASCADE,
    origin TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('Importing', 'Succeeded', 'Failed')),
    begun_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE imported_tag (
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    source_id TEXT NOT NULL,
    tag_id TEXT NOT NULL REFERENCES tag(id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, source_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX imported_tag_by_tag ON imported_tag (tag_id);
  -- Stays when the image is deleted: who deleted it does not want it brought again.
  CREATE TABLE imported_image (
    project_id TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
    source_id TEXT NOT NULL,
    image_id TEXT NOT NULL,
    PRIMARY KEY (project_id, source_id)
  ) STRICT, WITHOUT ROWID;
  `,
  // The published iteration whose name a training takes over when it completes. And indexes that
  // folders of the first days lack, when the first two were still being written.
  `
  ALTER TABLE iteration ADD COLUMN replaces TEXT;
  CREATE INDEX iteration_by_replaced ON iteration (replaces) WHERE replaces IS NOT NULL;
  CREATE INDEX IF NOT EXISTS prediction_by_photo ON prediction (photo);
  CREATE INDEX IF NOT EXISTS image_by_photo ON image (photo);
  CREATE INDEX IF NOT EXISTS iteration_image_by_image ON iteration_image (image_id);
  `,
  // A photo's name is at random, so an index of it costs an upload a page for each image in a large
  // project. There is another one, of project and photo, and projects are few.
  `
  DROP INDEX image_by_photo;
  `,
  // Where the pages of a list begin, so that the last one costs what the first one does. The images of
  // an owner (a project, or an iteration with what it was trained on) are cut by time into spans of
  // about 512, and of each list ('' for all, 'tagged', or those of a tag) it is counted how many each
  // span has: to skip is to add these up, and to step over at most a span. By span first, as what is
  // uploaded together is counted side by side then.
  `
  CREATE TABLE list_span (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    first_at TEXT NOT NULL,
    first_id TEXT NOT NULL,
    UNIQUE (owner, first_at, first_id)
  ) STRICT;
  CREATE TABLE list_count (
    owner TEXT NOT NULL,
    span INTEGER NOT NULL,
    list TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (owner, span, list)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO list_span (owner, first_at, first_id)
  SELECT
    owner,
    CASE place WHEN 0 THEN '' ELSE created_at END,
    CASE place WHEN 0 THEN '' ELSE image_id END
  FROM (
    SELECT
      owner,
      created_at,
      image_id,
      ROW_NUMBER() OVER (PARTITION BY owner ORDER BY created_at, image_id) - 1 AS place
    FROM (
      SELECT project_id AS owner, created_at, id AS image_id FROM image
      UNION ALL
      SELECT iteration_id, created_at, image_id FROM iteration_image
    )
  )
  WHERE place % 512 = 0
  ORDER BY owner, place;

  INSERT INTO list_count (owner, span, list, count)
  SELECT
    owner,
    (
      SELECT id FROM list_span
      WHERE owner = listed.owner AND (first_at, first_id) <= (created_at, image_id)
      ORDER BY first_at DESC, first_id DESC LIMIT 1
    ) AS span,
    list,
    COUNT(*)
  FROM (
    SELECT project_id AS owner, '' AS list, created_at, id AS image_id FROM image
    UNION ALL
    SELECT project_id, 'tagged', created_at, id FROM image WHERE tagged
    UNION ALL
    SELECT image.project_id, tag_id, image_created_at, image_id
    FROM image_tag JOIN image ON image.id = image_id
    UNION ALL
    SELECT iteration_id, '', created_at, image_id FROM iteration_image
    UNION ALL
    SELECT DISTINCT iteration_id, value ->> '$.tagId', created_at, image_id
    FROM iteration_image, json_each(labels)
  ) AS listed
  GROUP BY owner, span, list;

  -- An image that is written into it enters a list, or leaves it. A span once begun stays, so that
  -- what entered there is found there when it leaves.
  CREATE VIEW list_change AS SELECT
    '' AS owner, '' AS list, '' AS image_created_at, '' AS image_id, 0 AS is_there, 0 AS is_newest;
  CREATE TRIGGER list_entered INSTEAD OF INSERT ON list_change WHEN NEW.is_there BEGIN
    INSERT INTO list_span (owner, first_at, first_id)
    SELECT NEW.owner, '', ''
    WHERE NOT EXISTS (SELECT 1 FROM list_span WHERE owner = NEW.owner);
    INSERT INTO list_span (owner, first_at, first_id)
    SELECT NEW.owner, NEW.image_created_at, NEW.image_id
    WHERE NEW.is_newest AND 512 <= (
      SELECT count FROM list_count
      WHERE owner = NEW.owner AND list = NEW.list AND span = (
        SELECT id FROM list_span WHERE owner = NEW.owner
        ORDER BY first_at DESC, first_id DESC LIMIT 1
      )
    );
    INSERT INTO list_count (owner, span, list, count)
    SELECT NEW.owner, id, NEW.list, 1 FROM list_span
    WHERE owner = NEW.owner
      AND (first_at, first_id) <= (NEW.image_created_at, NEW.image_id)
    ORDER BY first_at DESC, first_id DESC LIMIT 1
    ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER list_left INSTEAD OF INSERT ON list_change WHEN NOT NEW.is_there BEGIN
    UPDATE list_count SET count = count - 1
    WHERE owner = NEW.owner AND list = NEW.list AND span = (
      SELECT id FROM list_span
      WHERE owner = NEW.owner
        AND (first_at, first_id) <= (NEW.image_created_at, NEW.image_id)
      ORDER BY first_at DESC, first_id DESC LIMIT 1
    );
    DELETE FROM list_count
    WHERE count = 0 AND owner = NEW.owner AND list = NEW.list AND span = (
      SELECT id FROM list_span
      WHERE owner = NEW.owner
        AND (first_at, first_id) <= (NEW.image_created_at, NEW.image_id)
      ORDER BY first_at DESC, first_id DESC LIMIT 1
    );
  END;

  CREATE TRIGGER image_listed AFTER INSERT ON image BEGIN
    INSERT INTO list_change VALUES (
      NEW.project_id, '', NEW.created_at, NEW.id, 1,
      NOT EXISTS (
        SELECT 1 FROM image
        WHERE project_id = NEW.project_id AND (created_at, id) > (NEW.created_at, NEW.id)
      )
    );
  END;
  CREATE TRIGGER image_unlisted AFTER DELETE ON image BEGIN
    INSERT INTO list_change VALUES (OLD.project_id, '', OLD.created_at, OLD.id, 0, 0);
    INSERT INTO list_change
    SELECT OLD.project_id, 'tagged', OLD.created_at, OLD.id, 0, 0 WHERE OLD.tag_count > 0;
  END;
  CREATE TRIGGER image_tagged_listed AFTER UPDATE OF tag_count ON image
  WHEN (OLD.tag_count > 0) <> (NEW.tag_count > 0) BEGIN
    INSERT INTO list_change
    VALUES (NEW.project_id, 'tagged', NEW.created_at, NEW.id, NEW.tag_count > 0, 0);
  END;
  CREATE TRIGGER image_tag_listed AFTER INSERT ON image_tag BEGIN
    INSERT INTO list_change
    SELECT project_id, NEW.tag_id, NEW.image_created_at, NEW.image_id, 1, 0
    FROM image WHERE id = NEW.image_id;
  END;
  CREATE TRIGGER image_tag_unlisted AFTER DELETE ON image_tag BEGIN
    -- Whichever of the two is being removed is gone by now.
    INSERT INTO list_change
    SELECT project_id, OLD.tag_id, OLD.image_created_at, OLD.image_id, 0, 0 FROM (
      SELECT project_id FROM image WHERE id = OLD.image_id
      UNION SELECT project_id FROM tag WHERE id = OLD.tag_id
    );
  END;
  CREATE TRIGGER iteration_image_listed AFTER INSERT ON iteration_image BEGIN
    INSERT INTO list_change VALUES (
      NEW.iteration_id, '', NEW.created_at, NEW.image_id, 1,
      NOT EXISTS (
        SELECT 1 FROM iteration_image
        WHERE iteration_id = NEW.iteration_id
          AND (created_at, image_id) > (NEW.created_at, NEW.image_id)
      )
    );
    INSERT INTO list_change
    SELECT DISTINCT NEW.iteration_id, value ->> '$.tagId', NEW.created_at, NEW.image_id, 1, 0
    FROM json_each(NEW.labels);
  END;
  -- Not where all of the iteration goes.
  CREATE TRIGGER iteration_image_unlisted AFTER DELETE ON iteration_image
  WHEN EXISTS (SELECT 1 FROM iteration WHERE id = OLD.iteration_id) BEGIN
    INSERT INTO list_change VALUES (OLD.iteration_id, '', OLD.created_at, OLD.image_id, 0, 0);
    INSERT INTO list_change
    SELECT DISTINCT OLD.iteration_id, value ->> '$.tagId', OLD.created_at, OLD.image_id, 0, 0
    FROM json_each(OLD.labels);
  END;
  CREATE TRIGGER project_unlisted AFTER DELETE ON project BEGIN
    DELETE FROM list_count WHERE owner = OLD.id;
    DELETE FROM list_span WHERE owner = OLD.id;
  END;
  CREATE TRIGGER iteration_unlisted AFTER DELETE ON iteration BEGIN
    DELETE FROM list_count WHERE owner = OLD.id;
    DELETE FROM list_span WHERE owner = OLD.id;
  END;
  `,
];
