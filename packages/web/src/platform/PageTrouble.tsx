import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Notice } from './Notice.tsx';
import { words } from './words.ts';

export function PageMissing() {
  return (
    <Notice title={words.notFound.title}>
      <Link to="/">{words.notFound.back}</Link>
    </Notice>
  );
}

export function PageBroken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Notice title={words.broken.title} text={error instanceof Error ? error.message : undefined}>
      <Button variant="default" onClick={reset}>
        {words.broken.again}
      </Button>
    </Notice>
  );
}
