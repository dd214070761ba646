import { useId, useState } from 'react';
import { Heading } from 'react-aria-components';
import { usePage } from './context.tsx';
import { PageDialog } from './page-dialog.tsx';

export function PublishDialog({
  names,
  onPublish,
  onClose,
}: {
  /** Those that are in use; the first is offered. */
  readonly names: readonly string[];
  /** Gives what speaks against the name, or null. */
  readonly onPublish: (name: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const { words } = usePage();
  const [name, setName] = useState(names[0] ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  return (
    <PageDialog onClose={onClose}>
      <form
        className="publish"
        onSubmit={(event) => {
          event.preventDefault();
          void onPublish(name.trim()).then(setProblem);
        }}
      >
        <Heading slot="title" level={2}>
          {words.publish}
        </Heading>
        <p>{words.publishText}</p>
        <label htmlFor={id}>{words.publishName}</label>
        <input
          id={id}
          required
          aria-invalid={problem !== null}
          value={name}
          list={`${id}-names`}
          onChange={(event) => setName(event.target.value)}
        />
        <datalist id={`${id}-names`}>
          {names.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </datalist>
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button" data-look="main">
            {words.publish}
          </button>
        </div>
      </form>
    </PageDialog>
  );
}
