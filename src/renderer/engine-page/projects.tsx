import type { Domain, Iteration, Project, Tag } from './api.ts';
import { useAnswer, useFormats, usePage } from './context.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { hashOf } from './route.ts';
import type { PageWords } from './words.ts';

interface Summary {
  readonly project: Project;
  readonly tags: readonly Tag[];
  readonly iterations: readonly Iteration[];
  readonly photoCount: number;
}

export function Projects() {
  const { api, words } = usePage();
  const loaded = useAnswer({
    place: 'projects',
    key: 'all',
    load: async () => {
      const [projects, domains] = await Promise.all([api.projects(), api.domains()]);
      const summaries = await Promise.all(
        projects.map(async (project): Promise<Summary> => {
          const [tags, iterations, photoCount] = await Promise.all([
            api.tags(project.id),
            api.iterations(project.id),
            api.countPhotos(project.id, false),
          ]);
          return { project, tags, iterations, photoCount };
        }),
      );
      return { summaries, domains };
    },
  });
  return (
    <main className="wide">
      <h1>{words.projects}</h1>
      <LoadedPart loaded={loaded}>
        {({ summaries, domains }) =>
          summaries.length === 0 ? (
            <p className="quiet">{words.noProjects}</p>
          ) : (
            <ul className="projects">
              {summaries.map((summary) => (
                <li key={summary.project.id}>
                  <ProjectCard summary={summary} domains={domains} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedPart>
    </main>
  );
}

function ProjectCard({
  summary: { project, tags, iterations, photoCount },
  domains,
}: {
  readonly summary: Summary;
  readonly domains: readonly Domain[];
}) {
  const { words } = usePage();
  const { number } = useFormats();
  const names = iterations.flatMap(({ publishName }) => publishName ?? []);
  return (
    <a
      className="panel project-card"
      href={hashOf({ kind: 'project', projectId: project.id, tab: 'photos' })}
    >
      <h2>{project.name}</h2>
      <p className="quiet">{kindOf(project, domains, words)}</p>
      <p>
        {words.photosOf(number(photoCount))} · {words.tagsOf(number(tags.length))}
      </p>
      <p className={names.length === 0 ? 'quiet' : 'published'}>
        {names.length === 0 ? words.notPublished : words.publishedAs(names.join(', '))}
      </p>
    </a>
  );
}

function kindOf({ settings }: Project, domains: readonly Domain[], words: PageWords): string {
  const domain = domains.find(({ id }) => id === settings.domainId);
  if (domain?.type === 'ObjectDetection') return words.detection;
  return settings.classificationType === 'Multilabel' ? words.multilabel : words.multiclass;
}
