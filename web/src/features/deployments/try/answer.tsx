import { Text } from '@mantine/core';
import { formatDuration, formatNumber, formatValue } from '@/ui/format';
import type { Answer } from './ask';
import classes from './try.module.css';

export function AnswerView({ answer: { outputs, modelVersion, revision, seconds } }: { answer: Answer }) {
  const by = [modelVersion && `version ${modelVersion}`, revision && `revision ${revision}`].filter(Boolean).join(', ');
  return (
    <>
      {outputs.map(({ name, shape, data }) => (
        <div key={name} className={classes['output']}>
          <div className={classes['name']}>{name}</div>
          <Output shape={shape} data={data.flat(8)} name={name} />
        </div>
      ))}
      <Text size="xs" c="dimmed" mt="md">
        {by && `${by}, `}in {formatDuration(seconds)}, the way there and back included
      </Text>
    </>
  );
}

interface OutputProps {
  name: string;
  shape: readonly number[];
  data: readonly unknown[];
}

const MOST_BARS = 40;

function Output({ name, shape, data }: OutputProps) {
  const rows = shape[0] ?? 1;
  const width = rows > 0 ? Math.round(data.length / rows) : 0;
  if (data.length === 1) return <div className={classes['value']}>{formatValue(data[0])}</div>;
  const numbers = data.filter((value): value is number => typeof value === 'number');
  const areShares = numbers.length === data.length && numbers.every((value) => value >= 0 && value <= 1.000001);
  if (rows === 1 && areShares && width <= MOST_BARS) return <Bars shares={numbers} />;
  return <Rows name={name} width={Math.max(1, width)} data={data} />;
}

/** Probabilities by class, the greatest marked. */
function Bars({ shares }: { shares: readonly number[] }) {
  const most = Math.max(...shares);
  return (
    <div className={classes['bars']}>
      {shares.map((share, index) => (
        <div key={index} data-most={share === most || undefined}>
          <span>{index}</span>
          <span className={classes['bar']}>
            <i style={{ width: `${(share * 100).toString()}%` }} />
          </span>
          <span>{(share * 100).toFixed(1)} %</span>
        </div>
      ))}
    </div>
  );
}

function Rows({ name, width, data }: { name: string; width: number; data: readonly unknown[] }) {
  const rows = Array.from({ length: Math.ceil(data.length / width) }, (_, row) => row);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={`Values of ${name}`}>
      <table className={classes['table']}>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{row + 1}</th>
              {data.slice(row * width, (row + 1) * width).map((value, column) => (
                <td key={column}>{typeof value === 'number' ? formatNumber(value) : formatValue(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
