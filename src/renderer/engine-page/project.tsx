import type { Iteration } from './api.ts';
import { useAnswer, usePage } from './context.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { PerformanceTab } from './performance.tsx';
import { PhotosTab } from './photos.tsx';
import { hashOf, projectTabs } from './route.ts';
import type { ProjectTab } from './route.ts';
import { TryTab } from './try-photo.tsx';

/** The engine tells nobody by itself when a training ends. */
const pollMs = 2_000;

export function ProjectPage({
  projectId,
  tab,
}: {
  readonly projectId: string;
  readonly tab: ProjectTab;
}) {
  const { api, answers, words } = usePage();
  const loaded = useAnswer({
    place: `project ${projectId}`,
    key: 'whole',
    load: async () => {
      const [project, tags, iterations] = await Promise.all([
        api.project(projectId),
        api.tags(projectId),
        api.iterations(projectId),
      ]);
      return { project, tags, iterations: iterations.toSorted(newestFirst) };
    },
    againMs: ({ iterations }) =>
      iterations.some(({ status }) => status === 'Training') ? pollMs : null,
  });
  return (
    <main className="wide">
      <p>
        <a href="#/">← {words.back}</a>
      </p>
      <LoadedPart loaded={loaded}>
        {({ project, tags, iterations }) => (
          <>
            <h1>{project.name}</h1>
            {project.description === '' ? null : <p className="quiet">{project.description}</p>}
            <nav className="tabs" aria-label={project.name}>
              {projectTabs.map((each) => (
                <a
                  key={each}
                  href={hashOf({ kind: 'project', projectId, tab: each })}
                  aria-current={each === tab ? 'page' : undefined}
                >
                  {words[each]}
                </a>
              ))}
            </nav>
            {tab === 'photos' ? <PhotosTab projectId={projectId} tags={tags} /> : null}
            {tab === 'performance' ? (
              <PerformanceTab
                projectId={projectId}
                iterations={iterations}
                onChanged={() => answers.refresh(`project ${projectId}`)}
              />
            ) : null}
            {tab === 'try' ? <TryTab projectId={projectId} iterations={iterations} /> : null}
          </>
        )}
      </LoadedPart>
    </main>
  );
}

function newestFirst(one: Iteration, other: Iteration): number {
  return other.created.localeCompare(one.created);
}
