export const projectTabs = ['photos', 'performance', 'try'] as const;
export type ProjectTab = (typeof projectTabs)[number];

/** What the address after `#` names; a page can so be kept as a bookmark. */
export type Route =
  | { readonly kind: 'projects' }
  | { readonly kind: 'project'; readonly projectId: string; readonly tab: ProjectTab };

export function routeOf(hash: string): Route {
  const [, name, projectId, wanted] = hash.replace(/^#/, '').split('/');
  if (name !== 'project' || projectId === undefined || projectId === '') {
    return { kind: 'projects' };
  }
  const tab = projectTabs.find((each) => each === wanted) ?? 'photos';
  return { kind: 'project', projectId: decoded(projectId), tab };
}

export function hashOf(route: Route): string {
  return route.kind === 'projects'
    ? '#/'
    : `#/project/${encodeURIComponent(route.projectId)}/${route.tab}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
