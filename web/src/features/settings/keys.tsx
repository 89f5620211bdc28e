import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconKey, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useUser } from '@/frame/session';
import { choice, useUrlState } from '@/frame/url-state';
import { ConfirmDelete } from '@/ui/confirm';
import { useNow } from '@/ui/now';
import { Loaded, SkeletonRows } from '@/ui/states';
import { RelativeTime } from '@/ui/values';
import { NewKey } from './new-key';
import { keys, type Key } from './queries';
import { Section } from './section';
import classes from './settings.module.css';

const NEW = choice(['', 'key'] as const, '');

export function Keys() {
  const query = useQuery(keys.list());
  const [making, setMaking] = useUrlState('new', NEW);
  return (
    <Section
      title="Access keys"
      about="Programs, notebooks and the command line sign in with a key. It may do what you may do."
      action={
        <Button
          leftSection={<IconKey size={14} />}
          onClick={() => {
            setMaking('key');
          }}
        >
          New key
        </Button>
      }
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={3} height={44} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No key yet.
            </Text>
          ) : (
            <ul className={classes['rows']}>
              {items.map((key) => (
                <KeyRow key={key.id} item={key} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <NewKey
        opened={making === 'key'}
        close={() => {
          setMaking('');
        }}
      />
    </Section>
  );
}

function KeyRow({ item }: { item: Key }) {
  const [deleting, setDeleting] = useState(false);
  const queries = useQueryClient();
  const user = useUser();
  const now = useNow();
  const expired = item.expires_at != null && new Date(item.expires_at) < now;
  return (
    <li className={classes['row']}>
      <div className={classes['main']}>
        <div>
          {item.name}
          {item.user !== user.id && <span className={classes['note']}> of {item.user_name}</span>}
        </div>
        <div className={classes['note']}>
          <span className="mono">{item.access}</span>
        </div>
      </div>
      <div className={classes['note']}>
        made <RelativeTime at={item.created_at} /> ·{' '}
        {item.last_used_at ? (
          <>
            used <RelativeTime at={item.last_used_at} />
          </>
        ) : (
          'never used'
        )}
        {item.expires_at && (
          <>
            {' '}
            · {expired ? 'expired' : 'expires'} <RelativeTime at={item.expires_at} />
          </>
        )}
      </div>
      <Tooltip label="Delete the key">
        <ActionIcon
          aria-label={`Delete the key ${item.name}`}
          onClick={() => {
            setDeleting(true);
          }}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
      <ConfirmDelete
        opened={deleting}
        close={() => {
          setDeleting(false);
        }}
        title={`Delete the key ${item.name}?`}
        confirm={async () => {
          await keys.remove(item.id);
          await queries.invalidateQueries({ queryKey: keys.list().queryKey });
        }}
      >
        Whatever signs in with it is refused from now on.
      </ConfirmDelete>
    </li>
  );
}
