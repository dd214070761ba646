import type { Confusion } from './api.ts';
import { useFormats, usePage } from './context.tsx';
import { ScrollPart } from './scroll-part.tsx';

/** Steps of the ground's strength; the CSP lets no style be written into the page. */
const shades = 5;

export function ConfusionMatrix({ confusion }: { readonly confusion: Confusion }) {
  const { words } = usePage();
  const { number } = useFormats();
  const { tags, rows } = confusion;
  const columns = [...tags.map(({ name }) => name), words.none];
  return (
    <>
      <h2>{words.confusion}</h2>
      <p className="quiet">{words.confusionText}</p>
      <ScrollPart label={words.confusion}>
        <table className="confusion">
          <thead>
            <tr>
              <th scope="col">
                {words.shows} ↓ {words.taken} →
              </th>
              {columns.map((name) => (
                <th key={name} scope="col">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tags.map((tag, row) => {
              const counts = rows[row] ?? [];
              const total = counts.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={tag.id}>
                  <th scope="row">{tag.name}</th>
                  {columns.map((name, column) => {
                    const count = counts[column] ?? 0;
                    return (
                      <td
                        key={name}
                        data-kind={column === row ? 'right' : 'wrong'}
                        data-shade={total === 0 ? 0 : Math.ceil((count / total) * shades)}
                      >
                        {count === 0 ? '' : number(count)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollPart>
    </>
  );
}
