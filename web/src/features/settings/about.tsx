import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { addressOf, send } from '@/api/client';
import { Fact } from '@/ui/values';
import { Section } from './section';
import classes from './settings.module.css';

interface Described {
  info: { version: string };
}

/** The server describes itself in its OpenAPI document. */
const described = {
  queryKey: ['openapi'],
  queryFn: async () => (await (await send('/api/v1/openapi.json')).json()) as Described,
  staleTime: Infinity,
};

export function About() {
  const { data } = useQuery(described);
  return (
    <Section title="About">
      <dl className={classes['facts']}>
        <Fact label="Wardian">{data ? `version ${data.info.version}` : '–'}</Fact>
        <Fact label="Address">{window.location.origin + addressOf('', {})}</Fact>
        <Fact label="API">
          <Anchor href={addressOf('/api/v1/openapi.json', {})} size="sm" target="_blank" rel="noreferrer">
            OpenAPI document
          </Anchor>
        </Fact>
      </dl>
      <Text size="xs" c="dimmed" mt="sm">
        Apache-2.0. A Wardian case was the sealed glass box that let living plants survive a sea voyage.
      </Text>
    </Section>
  );
}
