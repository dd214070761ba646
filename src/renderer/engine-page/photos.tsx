import { useState } from 'react';
import { ApiError } from './api.ts';
import type { Photo, PhotoFilter, Tag } from './api.ts';
import { Boxes } from './boxes.tsx';
import { useAnswer, useFormats, usePage } from './context.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { PageDialog } from './page-dialog.tsx';

const pageSize = 60;

export function PhotosTab({
  projectId,
  tags,
}: {
  readonly projectId: string;
  readonly tags: readonly Tag[];
}) {
  const { api, words } = usePage();
  const { number } = useFormats();
  const [filter, setFilter] = useState<PhotoFilter>({ kind: 'all' });
  const counts = useAnswer({
    place: `counts ${projectId}`,
    key: JSON.stringify(tags.map(({ imageCount }) => imageCount)),
    load: async () => ({
      all: await api.countPhotos(projectId, false),
      untagged: await api.countPhotos(projectId, true),
    }),
  });
  const choice = (each: PhotoFilter, name: string, count: number | undefined) => {
    const isOn = sameFilter(each, filter);
    return (
      <li key={name}>
        <button type="button" aria-pressed={isOn} onClick={() => setFilter(each)}>
          <span>{name}</span>
          <span className="count">{count === undefined ? '' : number(count)}</span>
        </button>
      </li>
    );
  };
  const totals = counts.kind === 'there' ? counts.value : undefined;
  return (
    <div className="photos">
      <ul className="panel tag-list">
        {choice({ kind: 'all' }, words.allPhotos, totals?.all)}
        {choice({ kind: 'untagged' }, words.untagged, totals?.untagged)}
        {tags.map((tag) => choice({ kind: 'tag', tagId: tag.id }, tag.name, tag.imageCount))}
      </ul>
      <PhotoGrid key={JSON.stringify(filter)} projectId={projectId} filter={filter} />
    </div>
  );
}

function PhotoGrid({
  projectId,
  filter,
}: {
  readonly projectId: string;
  readonly filter: PhotoFilter;
}) {
  const { api, words } = usePage();
  const [more, setMore] = useState<readonly Photo[]>([]);
  const [isLoading, setIsLoading] = useState(false);
  const [atEnd, setAtEnd] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [shown, setShown] = useState<Photo | null>(null);
  const first = useAnswer({
    place: `photos ${projectId} ${JSON.stringify(filter)}`,
    key: 'first page',
    load: () => api.photos(projectId, filter, { take: pageSize, skip: 0 }),
  });
  const photos = first.kind === 'there' ? [...first.value, ...more] : [];
  const hasMore = !atEnd && photos.length > 0 && photos.length % pageSize === 0;

  const loadMore = async (): Promise<void> => {
    setIsLoading(true);
    setProblem(null);
    try {
      const page = await api.photos(projectId, filter, { take: pageSize, skip: photos.length });
      setMore((before) => [...before, ...page]);
      setAtEnd(page.length < pageSize);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : String(error));
    }
    setIsLoading(false);
  };

  return (
    <section className="photo-part" aria-busy={first.kind === 'loading' || isLoading}>
      <LoadedPart loaded={first}>
        {(page) => (page.length === 0 ? <p className="quiet">{words.noPhotos}</p> : null)}
      </LoadedPart>
      <ul className="photo-grid">
        {photos.map((photo) => (
          <li key={photo.id}>
            <button type="button" onClick={() => setShown(photo)}>
              <img src={photo.thumbnailUri} alt={altOf(photo, words)} loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
      {problem === null ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {hasMore ? (
        <button
          type="button"
          className="button"
          aria-disabled={isLoading}
          onClick={() => {
            if (!isLoading) void loadMore();
          }}
        >
          {words.more}
        </button>
      ) : null}
      {shown === null ? null : <LargePhoto photo={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

function LargePhoto({ photo, onClose }: { readonly photo: Photo; readonly onClose: () => void }) {
  const { words } = usePage();
  const { date } = useFormats();
  return (
    <PageDialog className="large-photo" label={altOf(photo, words)} onClose={onClose}>
      <span className="marked">
        <img src={photo.originalImageUri} alt={altOf(photo, words)} />
        <Boxes
          boxes={(photo.regions ?? []).map(({ tagName, ...box }) => ({
            box,
            label: tagName,
            isSure: true,
          }))}
        />
      </span>
      <p>
        {tagsOf(photo) || words.noTag} · {photo.width} × {photo.height} · {date(photo.created)}
      </p>
      <button type="button" className="button" onClick={onClose}>
        {words.close}
      </button>
    </PageDialog>
  );
}

function tagsOf({ tags = [] }: Photo): string {
  return tags.map(({ tagName }) => tagName).join(', ');
}

function altOf(
  photo: Photo,
  words: { readonly photoOf: (tags: string) => string; readonly noTag: string },
): string {
  return words.photoOf(tagsOf(photo) || words.noTag);
}

function sameFilter(one: PhotoFilter, other: PhotoFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
