import classes from './models.module.css';
import type { ModelVersion, Tensor } from './queries';

/** Tensors in and out; a dimension that may vary shows as "any". */
export function SignatureTable({ signature }: { signature: ModelVersion['signature'] }) {
  const { inputs = [], outputs = [] } = signature;
  if (inputs.length + outputs.length === 0)
    return <p className={classes['nothing']}>It does not say what it takes and gives.</p>;
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <th scope="col">Tensor</th>
          <th scope="col">Type</th>
          <th scope="col">Shape</th>
        </tr>
      </thead>
      <tbody>
        <Rows label="in" tensors={inputs} />
        <Rows label="out" tensors={outputs} />
      </tbody>
    </table>
  );
}

function Rows({ label, tensors }: { label: string; tensors: readonly Tensor[] }) {
  return tensors.map(({ name, datatype, shape }) => (
    <tr key={`${label} ${name}`}>
      <th scope="row">
        <span className={classes['side']}>{label}</span> {name}
      </th>
      <td>{datatype}</td>
      <td>{shape.map((size) => (size < 0 ? 'any' : size)).join(' × ')}</td>
    </tr>
  ));
}
