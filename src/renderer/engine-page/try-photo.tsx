import { useId, useRef, useState } from 'react';
import { ApiError } from './api.ts';
import type { Iteration, Prediction } from './api.ts';
import { Boxes } from './boxes.tsx';
import type { MarkedBox } from './boxes.tsx';
import { useFormats, usePage } from './context.tsx';

const mostBytes = 6 * 1024 * 1024;
const shownPredictions = 8;

export function TryTab({
  projectId,
  iterations,
}: {
  readonly projectId: string;
  readonly iterations: readonly Iteration[];
}) {
  const { api, words } = usePage();
  const trained = iterations.filter(({ status }) => status === 'Completed');
  const [wantedId, setWantedId] = useState<string | null>(null);
  const [picture, setPicture] = useState<{ readonly file: File; readonly url: string } | null>(
    null,
  );
  const [answer, setAnswer] = useState<readonly Prediction[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const asked = useRef(0);
  const iteration = trained.find((each) => each.id === wantedId) ?? trained[0];

  const recognise = async (file: File, iterationId: string): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    setAnswer(null);
    setProblem(file.size > mostBytes ? words.tooLarge : null);
    if (file.size > mostBytes) return;
    try {
      const predictions = await api.quickTest(projectId, iterationId, file);
      if (mine === asked.current) setAnswer(predictions);
    } catch (error) {
      if (mine !== asked.current) return;
      setProblem(error instanceof ApiError ? error.message : String(error));
    }
  };

  const choose = (file: File | undefined): void => {
    if (file === undefined || iteration === undefined) return;
    if (picture !== null) URL.revokeObjectURL(picture.url);
    setPicture({ file, url: URL.createObjectURL(file) });
    void recognise(file, iteration.id);
  };

  if (iteration === undefined) return <p className="quiet">{words.noIteration}</p>;
  return (
    <section className="try">
      <label className="panel drop">
        {picture === null ? null : (
          <span className="marked">
            <img src={picture.url} alt={picture.file.name} />
            {answer === null ? null : <Boxes boxes={boxesOf(answer.slice(0, shownPredictions))} />}
          </span>
        )}
        <span className="button" data-look="main">
          {words.choose}
        </span>
        <span className="quiet">{words.drop}</span>
        <input
          type="file"
          accept="image/jpeg,image/png,image/bmp,image/gif"
          onChange={(event) => choose(event.target.files?.[0])}
        />
      </label>
      <div className="panel">
        <label htmlFor={id} className="field">
          <span>{words.iteration}</span>
          <select
            id={id}
            value={iteration.id}
            onChange={(event) => {
              setWantedId(event.target.value);
              if (picture !== null) void recognise(picture.file, event.target.value);
            }}
          >
            {trained.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
                {each.publishName ? ` · ${each.publishName}` : ''}
              </option>
            ))}
          </select>
        </label>
        <h2>{words.result}</h2>
        <div aria-live="polite">
          {problem === null ? null : <p className="problem">{problem}</p>}
          {picture !== null && answer === null && problem === null ? (
            <p className="quiet">{words.recognising}</p>
          ) : null}
          {answer === null ? null : <Predictions predictions={answer} />}
        </div>
      </div>
    </section>
  );
}

/** Numbered as in the list. */
function boxesOf(predictions: readonly Prediction[]): MarkedBox[] {
  return predictions.flatMap(({ boundingBox, probability }, rank) =>
    boundingBox === undefined
      ? []
      : [{ box: boundingBox, label: String(rank + 1), isSure: probability >= 0.5 }],
  );
}

function Predictions({ predictions }: { readonly predictions: readonly Prediction[] }) {
  const { share } = useFormats();
  return (
    <ol className="predictions">
      {predictions.slice(0, shownPredictions).map(({ tagName, probability, boundingBox }, rank) => (
        // One tag may be there many times, and the list is only ever replaced as a whole.
        <li key={rank}>
          <span>{boundingBox === undefined ? tagName : `${rank + 1}. ${tagName}`}</span>
          <meter min={0} max={1} value={probability} aria-hidden="true" />
          <span className="figure">{share(probability)}</span>
        </li>
      ))}
    </ol>
  );
}
