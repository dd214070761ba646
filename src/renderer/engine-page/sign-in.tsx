import { useId, useState } from 'react';
import { ApiError, createTrainingApi } from './api.ts';
import type { PageWords } from './words.ts';

/** Asks for the training key, and takes it only when the engine does. */
export function SignIn({
  words,
  onKey,
}: {
  readonly words: PageWords;
  readonly onKey: (key: string) => void;
}) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const id = useId();

  const ask = async (): Promise<void> => {
    setAsking(true);
    setProblem(null);
    try {
      await createTrainingApi(key.trim()).domains();
      onKey(key.trim());
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      const silent = error instanceof ApiError && error.status === 0;
      if (refused) setProblem(words.wrongKey);
      else setProblem(silent ? words.unreachable : String((error as Error).message));
      setAsking(false);
    }
  };

  return (
    <main className="narrow">
      <form
        className="panel sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          if (!asking) void ask();
        }}
      >
        <h1>{words.signIn}</h1>
        <label htmlFor={id}>{words.trainingKey}</label>
        <input
          id={id}
          type="password"
          autoComplete="current-password"
          required
          value={key}
          aria-describedby={`${id}-hint ${id}-problem`}
          aria-invalid={problem !== null}
          onChange={(event) => setKey(event.target.value)}
        />
        <p id={`${id}-hint`} className="quiet">
          {words.trainingKeyHint}
        </p>
        <p id={`${id}-problem`} className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button" data-look="main" aria-disabled={asking}>
          {words.signIn}
        </button>
      </form>
    </main>
  );
}
