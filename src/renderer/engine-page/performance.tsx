import { useId, useState } from 'react';
import { ApiError } from './api.ts';
import type { Iteration, Performance } from './api.ts';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import { useAnswer, useFormats, usePage } from './context.tsx';
import { LoadedPart } from './loaded-part.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { ScrollPart } from './scroll-part.tsx';

export function PerformanceTab({
  projectId,
  iterations,
  onChanged,
}: {
  readonly projectId: string;
  readonly iterations: readonly Iteration[];
  readonly onChanged: () => void;
}) {
  const { api, words } = usePage();
  const { date } = useFormats();
  const [wantedId, setWantedId] = useState<string | null>(null);
  const [publishing, setPublishing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const shown = iterations.find((each) => each.id === wantedId) ?? iterations[0];
  const isTraining = iterations.some(({ status }) => status === 'Training');

  /** Gives what went wrong, or null. */
  const tried = async (work: () => Promise<unknown>): Promise<string | null> => {
    setProblem(null);
    try {
      await work();
      onChanged();
      return null;
    } catch (error) {
      return error instanceof ApiError ? error.message : String(error);
    }
  };
  const does = async (work: () => Promise<unknown>): Promise<void> => setProblem(await tried(work));

  return (
    <section>
      <div className="bar">
        {shown === undefined ? (
          <p className="quiet">{words.noIteration}</p>
        ) : (
          <label htmlFor={id} className="field">
            <span>{words.iteration}</span>
            <select id={id} value={shown.id} onChange={(event) => setWantedId(event.target.value)}>
              {iterations.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name} · {words.status[each.status] ?? each.status} · {date(each.created)}
                  {each.publishName ? ` · ${each.publishName}` : ''}
                </option>
              ))}
            </select>
          </label>
        )}
        <div className="actions">
          {shown?.status === 'Completed' && !shown.publishName ? (
            <button
              type="button"
              className="button"
              data-look="main"
              onClick={() => setPublishing(true)}
            >
              {words.publish}
            </button>
          ) : null}
          {shown?.publishName ? (
            <button
              type="button"
              className="button"
              onClick={() => void does(() => api.unpublish(projectId, shown.id))}
            >
              {words.unpublish}
            </button>
          ) : null}
          <button
            type="button"
            className="button"
            aria-disabled={isTraining}
            onClick={() => {
              if (!isTraining) void does(() => api.train(projectId));
            }}
          >
            {isTraining ? words.training : words.train}
          </button>
        </div>
      </div>
      <p className="problem" role="alert">
        {problem ?? (shown?.status === 'Failed' ? shown.trainingErrorDetails : null)}
      </p>
      {shown?.publishName ? (
        <p className="published">{words.publishedAs(shown.publishName)}</p>
      ) : null}
      {shown?.status === 'Completed' ? (
        <Figures key={shown.id} projectId={projectId} iterationId={shown.id} />
      ) : null}
      {publishing && shown !== undefined ? (
        <PublishDialog
          names={iterations.flatMap(({ publishName }) => publishName ?? [])}
          onClose={() => setPublishing(false)}
          onPublish={async (name) => {
            const fault = await tried(() => api.publish(projectId, shown.id, name));
            if (fault === null) setPublishing(false);
            return fault;
          }}
        />
      ) : null}
    </section>
  );
}

function Figures({
  projectId,
  iterationId,
}: {
  readonly projectId: string;
  readonly iterationId: string;
}) {
  const { api, words } = usePage();
  const [percent, setPercent] = useState(50);
  const id = useId();
  const threshold = percent / 100;
  const performance = useAnswer({
    place: `performance ${iterationId}`,
    key: String(percent),
    load: () => api.performance(projectId, iterationId, threshold),
  });
  const confusion = useAnswer({
    place: `confusion ${iterationId}`,
    key: String(percent),
    load: () => api.confusion(projectId, iterationId, threshold),
  });
  return (
    <>
      <label htmlFor={id} className="field threshold">
        <span>
          {words.threshold} <strong>{percent} %</strong>
        </span>
        <input
          id={id}
          type="range"
          min={5}
          max={95}
          step={5}
          value={percent}
          onChange={(event) => setPercent(Number(event.target.value))}
        />
      </label>
      <p className="quiet">{words.measured}</p>
      <LoadedPart loaded={performance}>{(figures) => <Rates figures={figures} />}</LoadedPart>
      {confusion.kind === 'there' && confusion.value.tags.length > 0 ? (
        <ConfusionMatrix confusion={confusion.value} />
      ) : null}
    </>
  );
}

function Rates({ figures }: { readonly figures: Performance }) {
  const { words } = usePage();
  const { share } = useFormats();
  const rates = ['precision', 'recall', 'averagePrecision'] as const;
  return (
    <>
      <dl className="rates">
        {rates.map((rate) => (
          <div key={rate} className="panel">
            <dt>{words[rate]}</dt>
            <dd className="large">{share(figures[rate])}</dd>
            <dd className="quiet">{words[`${rate}Text`]}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.perTag}</h2>
      <ScrollPart label={words.perTag}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.tag}</th>
              {rates.map((rate) => (
                <th key={rate} scope="col" className="figure">
                  {words[rate]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figures.perTagPerformance.map((tag) => (
              <tr key={tag.id}>
                <th scope="row">{tag.name}</th>
                {rates.map((rate) => (
                  <td key={rate} className="figure">
                    <meter min={0} max={1} value={tag[rate]} aria-hidden="true" />
                    <span>{share(tag[rate])}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollPart>
    </>
  );
}
