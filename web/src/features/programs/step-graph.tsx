import { placed, type GraphStep, type Placed } from './graph-layout';
import classes from './programs.module.css';

const WIDTH = 148;
const HEIGHT = 44;
const GAP_X = 44;
const GAP_Y = 14;

/** The steps and what needs what. */
export function StepGraph({ steps }: { steps: readonly GraphStep[] }) {
  const nodes = placed(steps);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const width = (Math.max(0, ...nodes.map(({ column }) => column)) + 1) * (WIDTH + GAP_X) - GAP_X + 2;
  const height = (Math.max(0, ...nodes.map(({ row }) => row)) + 1) * (HEIGHT + GAP_Y) - GAP_Y + 2;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
    <div className={classes['graph']} tabIndex={0} role="region" aria-label="Steps">
      <svg
        width={width}
        height={height}
        viewBox={`-1 -1 ${width.toString()} ${height.toString()}`}
        role="img"
        aria-label={summary(steps)}
      >
        {nodes.flatMap((node) =>
          node.needs.map((need) => {
            const from = byName.get(need);
            return from && <Edge key={`${need} ${node.name}`} from={from} to={node} />;
          }),
        )}
        {nodes.map((node) => (
          <g key={node.name} transform={`translate(${x(node).toString()} ${y(node).toString()})`}>
            <title>{node.name}</title>
            <rect width={WIDTH} height={HEIGHT} rx={6} className={classes['node']} />
            <text x={12} y={node.note ? 18 : 26} className={classes['nodeName']}>
              {shortened(node.name)}
            </text>
            <text x={12} y={34} className={classes['nodeNote']}>
              {node.note}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function Edge({ from, to }: { from: Placed; to: Placed }) {
  const [x1, y1] = [x(from) + WIDTH, y(from) + HEIGHT / 2];
  const [x2, y2] = [x(to), y(to) + HEIGHT / 2];
  const bend = (x1 + x2) / 2;
  const path = [`M${x1.toString()} ${y1.toString()}`, `C${[bend, y1, bend, y2, x2 - 5, y2].join(' ')}`].join(' ');
  return (
    <>
      <path d={path} className={classes['edge']} />
      <path d={`M${(x2 - 6).toString()} ${(y2 - 4).toString()} l6 4 l-6 4 z`} className={classes['tip']} />
    </>
  );
}

function x({ column }: Placed): number {
  return column * (WIDTH + GAP_X);
}

function y({ row }: Placed): number {
  return row * (HEIGHT + GAP_Y);
}

function shortened(name: string): string {
  return name.length > 18 ? `${name.slice(0, 17)}…` : name;
}

function summary(steps: readonly GraphStep[]): string {
  return steps.map(({ name, needs }) => (needs.length > 0 ? `${name} after ${needs.join(' and ')}` : name)).join(', ');
}
