import { ActionIcon, Button, Group, Menu, Popover, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconCode, IconFilter, IconSearch, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { RunColumns } from '@/api/types';
import { OPERATORS, parseTests, writeField, writeTest, writeTests, type Operator, type Test } from './filter';
import classes from './list.module.css';

interface FilterBarProps {
  filter: string;
  setFilter: (filter: string) => void;
  search: string;
  setSearch: (search: string) => void;
  columns: RunColumns;
  /** What the API said about the filter. */
  error: string | null;
  children?: ReactNode;
}

export function FilterBar({ filter, setFilter, search, setSearch, columns, error, children }: FilterBarProps) {
  const [asText, setAsText] = useState(false);
  const tests = parseTests(filter);
  const textual = asText || tests === null || error !== null;
  return (
    <div className={classes['bar']}>
      <Search search={search} setSearch={setSearch} />
      {textual ? (
        <FilterText key={filter} filter={filter} setFilter={setFilter} error={error} />
      ) : (
        <Group gap={6}>
          {tests.map((test, index) => (
            <TestChip
              key={writeTest(test)}
              test={test}
              remove={() => {
                setFilter(writeTests(tests.toSpliced(index, 1)));
              }}
            />
          ))}
          <AddTest
            columns={columns}
            add={(test) => {
              setFilter(writeTests([...tests, test]));
            }}
          />
        </Group>
      )}
      <Tooltip label={textual ? 'Filter by clicking' : 'Filter as text'}>
        <ActionIcon
          aria-label="Filter as text"
          aria-pressed={textual}
          variant={textual ? 'light' : 'subtle'}
          disabled={tests === null}
          onClick={() => {
            setAsText(!textual);
          }}
        >
          <IconCode size={16} />
        </ActionIcon>
      </Tooltip>
      <div style={{ flex: 1 }} />
      {children}
    </div>
  );
}

function Search({ search, setSearch }: { search: string; setSearch: (search: string) => void }) {
  const [typed, setTyped] = useState(search);
  const settle = useDebouncedCallback(setSearch, 250);
  return (
    <TextInput
      size="xs"
      w={180}
      placeholder="Find by name"
      aria-label="Find by name"
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}

interface FilterTextProps {
  filter: string;
  setFilter: (filter: string) => void;
  error: string | null;
}

function FilterText({ filter, setFilter, error }: FilterTextProps) {
  const [typed, setTyped] = useState(filter);
  return (
    <form
      className={classes['text']}
      onSubmit={(event) => {
        event.preventDefault();
        setFilter(typed.trim());
      }}
    >
      <TextInput
        size="xs"
        aria-label="Filter"
        placeholder="metrics.loss < 0.1 and params.lr > 1e-4"
        className="mono"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onBlur={() => {
          setFilter(typed.trim());
        }}
        error={error}
      />
    </form>
  );
}

function TestChip({ test, remove }: { test: Test; remove: () => void }) {
  return (
    <span className={classes['chip']}>
      <span>
        {test.field.replace(/^(metrics|params|tags)\./, '').replaceAll('`', '')} <b>{test.operator}</b> {test.value}
      </span>
      <button type="button" onClick={remove} aria-label={`Remove the filter ${writeTest(test)}`}>
        <IconX size={12} />
      </button>
    </span>
  );
}

const FACTS = ['status', 'name', 'experiment', 'created_by', 'duration', 'program', 'kind', 'notes'];
const STATUSES = ['running', 'queued', 'succeeded', 'failed', 'stopped', 'lost'];

function AddTest({ columns, add }: { columns: RunColumns; add: (test: Test) => void }) {
  const [opened, setOpened] = useState(false);
  const [field, setField] = useState('status');
  const [operator, setOperator] = useState<Operator>('=');
  const [value, setValue] = useState('');
  const submit = () => {
    if (!value) return;
    add({ field, operator, value });
    setValue('');
    setOpened(false);
  };
  return (
    <Group gap={6}>
      <Popover opened={opened} onChange={setOpened} width={320} position="bottom-start" shadow="sm" trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconFilter size={14} />}
            onClick={() => {
              setOpened(!opened);
            }}
          >
            Filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <Stack gap="xs">
              <Select
                label="Field"
                size="xs"
                searchable
                allowDeselect={false}
                data={fieldsOf(columns)}
                value={field}
                onChange={(next) => {
                  if (next) setField(next);
                  setOperator(next && /^(metrics|params)\./.test(next) ? '<' : '=');
                }}
                comboboxProps={{ withinPortal: false }}
              />
              <Select
                label="Is"
                size="xs"
                allowDeselect={false}
                data={[...OPERATORS]}
                value={operator}
                onChange={(next) => {
                  setOperator(OPERATORS.find((each) => each === next) ?? '=');
                }}
                comboboxProps={{ withinPortal: false }}
              />
              {field === 'status' ? (
                <Select
                  label="Value"
                  size="xs"
                  data={STATUSES}
                  value={value || null}
                  onChange={(next) => {
                    setValue(next ?? '');
                  }}
                  comboboxProps={{ withinPortal: false }}
                />
              ) : (
                <TextInput
                  label="Value"
                  size="xs"
                  value={value}
                  onChange={(event) => {
                    setValue(event.currentTarget.value);
                  }}
                  description={operator.endsWith('like') ? '% stands for any text' : undefined}
                />
              )}
              <Button type="submit" disabled={!value}>
                Add
              </Button>
            </Stack>
          </form>
        </Popover.Dropdown>
      </Popover>
      <QuickFilters add={add} />
    </Group>
  );
}

function QuickFilters({ add }: { add: (test: Test) => void }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" visibleFrom="sm">
          Status
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STATUSES.map((status) => (
          <Menu.Item
            key={status}
            onClick={() => {
              add({ field: 'status', operator: '=', value: status });
            }}
          >
            <Text size="sm">{status}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function fieldsOf({ metrics, params, tags }: RunColumns) {
  const written = (group: 'metrics' | 'params' | 'tags') => (key: string) => ({
    value: writeField(group, key),
    label: key,
  });
  return [
    { group: 'Run', items: FACTS },
    { group: 'Metrics', items: metrics.map(written('metrics')) },
    { group: 'Parameters', items: params.map(written('params')) },
    { group: 'Tags', items: tags.map(written('tags')) },
  ].filter(({ items }) => items.length > 0);
}
