import { useEffect, useMemo, useState } from 'react';
import { createAnswers } from './answers.ts';
import { createTrainingApi } from './api.ts';
import { PageProvider } from './context.tsx';
import { ProjectPage } from './project.tsx';
import { Projects } from './projects.tsx';
import { routeOf } from './route.ts';
import { SignIn } from './sign-in.tsx';
import type { PageWords } from './words.ts';

/** Lasts as long as the tab, and no other site can read it. */
const keptKey = 'freshlane-training-key';

export function App({ language, words }: { readonly language: string; readonly words: PageWords }) {
  const [key, setKey] = useState(() => sessionStorage.getItem(keptKey));
  const [route, setRoute] = useState(() => routeOf(location.hash));

  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);

  const signIn = (given: string): void => {
    sessionStorage.setItem(keptKey, given);
    setKey(given);
  };
  const signOut = (): void => {
    sessionStorage.removeItem(keptKey);
    setKey(null);
  };

  const page = useMemo(
    () =>
      key === null
        ? null
        : { api: createTrainingApi(key), answers: createAnswers(), words, language },
    [key, words, language],
  );

  return (
    <>
      <header className="top">
        <a className="top-name" href="#/">
          <span className="mark" aria-hidden="true" />
          {words.title}
        </a>
        {page === null ? null : (
          <button type="button" className="button" data-look="quiet" onClick={signOut}>
            {words.signOut}
          </button>
        )}
      </header>
      {page === null ? (
        <SignIn words={words} onKey={signIn} />
      ) : (
        <PageProvider value={page}>
          {route.kind === 'projects' ? (
            <Projects />
          ) : (
            <ProjectPage key={route.projectId} projectId={route.projectId} tab={route.tab} />
          )}
        </PageProvider>
      )}
    </>
  );
}
