import { Alert, Button, Group, Text, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import classes from './editable-markdown.module.css';
import { Markdown } from './markdown';

interface EditableMarkdownProps {
  text: string;
  label: string;
  /** What might be written here. */
  placeholder: string;
  mayEdit: boolean;
  save: (text: string) => Promise<unknown>;
}

/** Prose of users: shown rendered, changed in place. */
export function EditableMarkdown({ text, label, placeholder, mayEdit, save }: EditableMarkdownProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const store = async (value: string) => {
    setBusy(true);
    setFailure(null);
    try {
      await save(value);
      setDraft(null);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (draft === null) {
    if (text === '' && !mayEdit) return null;
    return (
      <section className={classes['prose']} aria-label={label}>
        <div className={classes['text']}>
          {text === '' ? (
            <Text size="sm" c="dimmed">
              {placeholder}
            </Text>
          ) : (
            <Markdown text={text} />
          )}
        </div>
        {mayEdit && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconPencil size={13} />}
            aria-label={`Edit: ${label}`}
            onClick={() => {
              setDraft(text);
            }}
          >
            Edit
          </Button>
        )}
      </section>
    );
  }
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void store(draft);
      }}
    >
      <Textarea
        label={label}
        description="Markdown"
        placeholder={placeholder}
        value={draft}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
        }}
        autosize
        minRows={4}
        maxRows={24}
        data-autofocus
      />
      {failure && (
        <Alert color="red" role="alert" p="xs">
          {failure}
        </Alert>
      )}
      <Group gap="xs" justify="flex-end">
        <Button
          variant="default"
          onClick={() => {
            setDraft(null);
            setFailure(null);
          }}
        >
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </Group>
    </form>
  );
}
