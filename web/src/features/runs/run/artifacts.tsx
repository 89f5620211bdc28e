import { ActionIcon, Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconDownload,
  IconFile,
  IconFolder,
  IconPackage,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Artifact } from '@/api/types';
import { text, useUrlState } from '@/frame/url-state';
import { formatBytes } from '@/ui/format';
import { EmptyState, Loaded } from '@/ui/states';
import { CopyButton, RelativeTime } from '@/ui/values';
import files from '../files/files.module.css';
import { Preview } from '../files/preview';
import { nameOf, treeOf, type Folder } from '../files/tree';
import { artifactAddress, runs } from '../queries';
import { useRun } from './context';

const FILE = text();

export default function ArtifactsTab() {
  const { run, project } = useRun();
  const [chosen, setChosen] = useUrlState('file', FILE, { push: true });
  return (
    <Loaded query={useQuery(runs.artifacts(project, run.id))}>
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState title="No artifacts" icon={IconPackage}>
              Files, models and figures that the run logs appear here.
            </EmptyState>
          );
        }
        const artifact = items.find(({ path }) => path === chosen) ?? firstOf(treeOf(items));
        return (
          <div className={files['browser']}>
            <nav aria-label="Artifacts" className={files['tree']}>
              <FolderView folder={treeOf(items)} depth={0} chosen={artifact?.path ?? ''} choose={setChosen} />
            </nav>
            {artifact && (
              <section aria-label={artifact.path} className={files['shown']}>
                <FileHead artifact={artifact} address={artifactAddress(project, run.id, artifact.path)} />
                <Preview
                  key={artifact.hash}
                  artifact={artifact}
                  address={artifactAddress(project, run.id, artifact.path)}
                />
              </section>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function firstOf(folder: Folder): Artifact | undefined {
  return folder.files[0] ?? folder.folders.map(firstOf).find(Boolean);
}

function FileHead({ artifact, address }: { artifact: Artifact; address: string }) {
  return (
    <Group justify="space-between" wrap="nowrap" mb="sm">
      <div style={{ minWidth: 0 }}>
        <Group gap={4} wrap="nowrap">
          <Text fw={550} className="truncate" title={artifact.path}>
            {artifact.path}
          </Text>
          <CopyButton value={artifact.path} label="Copy the path" />
        </Group>
        <Text size="xs" c="dimmed">
          {formatBytes(artifact.size)} · {artifact.media_type} · <RelativeTime at={artifact.created_at} />
          {artifact.caption && ` · ${artifact.caption}`}
        </Text>
      </div>
      <Tooltip label="Download">
        <ActionIcon component="a" href={`${address}?download=true`} aria-label={`Download ${nameOf(artifact.path)}`}>
          <IconDownload size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface FolderViewProps {
  folder: Folder;
  depth: number;
  chosen: string;
  choose: (path: string) => void;
}

const OPEN_UP_TO = 30;

function FolderView({ folder, depth, chosen, choose }: FolderViewProps) {
  return (
    <ul>
      {folder.folders.map((inner) => (
        <FolderItem key={inner.path} folder={inner} depth={depth} chosen={chosen} choose={choose} />
      ))}
      {folder.files.map(({ path, size }) => (
        <li key={path}>
          <UnstyledButton
            className={files['item']}
            style={{ paddingLeft: 10 + depth * 16 + 18 }}
            aria-current={path === chosen || undefined}
            onClick={() => {
              choose(path);
            }}
          >
            <IconFile size={14} aria-hidden />
            <span className="truncate">{nameOf(path)}</span>
            <Text span size="xs" c="dimmed">
              {formatBytes(size)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function FolderItem({ folder, depth, chosen, choose }: FolderViewProps) {
  const small = folder.files.length + folder.folders.length <= OPEN_UP_TO;
  const [open, setOpen] = useState(small || chosen.startsWith(`${folder.path}/`));
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <UnstyledButton
        className={files['item']}
        style={{ paddingLeft: 10 + depth * 16 }}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Chevron size={14} aria-hidden />
        <IconFolder size={14} aria-hidden />
        <span className="truncate">{folder.name}</span>
        <Text span size="xs" c="dimmed">
          {formatBytes(folder.size)}
        </Text>
      </UnstyledButton>
      {open && <FolderView folder={folder} depth={depth + 1} chosen={chosen} choose={choose} />}
    </li>
  );
}
