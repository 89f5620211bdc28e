import { Stack, TextInput } from '@mantine/core';
import { IconAdjustments, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { formatValue } from '@/ui/format';
import { EmptyState } from '@/ui/states';
import { CopyButton } from '@/ui/values';
import { useRun } from './context';
import classes from './run.module.css';

export default function ParametersTab() {
  const { run } = useRun();
  const [search, setSearch] = useState('');
  const all = Object.entries(run.params).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  if (all.length === 0) {
    return (
      <EmptyState title="No parameters" icon={IconAdjustments}>
        Give them to <code>wardian.init(params=…)</code>, or run a program that has some.
      </EmptyState>
    );
  }
  const shown = all.filter(([key]) => key.toLowerCase().includes(search.toLowerCase()));
  return (
    <Stack gap="sm" maw={900}>
      <TextInput
        size="xs"
        w={240}
        placeholder="Find a parameter"
        aria-label="Find a parameter"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
        }}
      />
      <div className={classes['block']}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Value</th>
              <th scope="col">
                <CopyButton value={JSON.stringify(run.params, null, 2)} label="Copy all as JSON" />
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(([key, value]) => (
              <tr key={key}>
                <td>{key}</td>
                <td className="mono">{formatValue(value)}</td>
                <td style={{ width: 32 }}>
                  <CopyButton value={typeof value === 'string' ? value : JSON.stringify(value)} label={`Copy ${key}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Stack>
  );
}
