import { Combobox, Text, useCombobox, VisuallyHidden } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { projectPath, projects, useProjectName } from './project';
import classes from './rail.module.css';

const ALL = ' all';

export function ProjectSwitcher({ narrow, onChosen }: { narrow: boolean; onChosen: () => void }) {
  const current = useProjectName();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const { data } = useQuery(projects.list());
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput();
    },
  });
  const names = (data?.items ?? []).map((project) => project.name);
  const found = names.filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Combobox
      store={combobox}
      width={240}
      position="bottom-start"
      onOptionSubmit={(name) => {
        void navigate({ to: name === ALL ? '/projects' : projectPath(name) });
        combobox.closeDropdown();
        onChosen();
      }}
    >
      <Combobox.Target targetType="button">
        <button
          type="button"
          className={classes['switcher']}
          onClick={() => {
            combobox.toggleDropdown();
          }}
        >
          <span className={classes['badge']} data-letter={(current ?? '·').slice(0, 1)} aria-hidden />
          <VisuallyHidden>Project:</VisuallyHidden>
          {narrow ? (
            <VisuallyHidden>{current ?? 'All projects'}</VisuallyHidden>
          ) : (
            <>
              <span className="truncate">{current ?? 'All projects'}</span>
              <IconSelector size={14} color="var(--text-faint)" aria-hidden />
            </>
          )}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
          placeholder="Find a project"
          aria-label="Find a project"
        />
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }}>
          {found.map((name) => (
            <Combobox.Option key={name} value={name} active={name === current}>
              {name}
            </Combobox.Option>
          ))}
          {found.length === 0 && (
            <Text size="xs" c="dimmed" p="xs">
              No project of that name
            </Text>
          )}
          <Combobox.Option value={ALL}>
            <Text size="sm" c="dimmed">
              All projects
            </Text>
          </Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
