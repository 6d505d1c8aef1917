import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { Notice } from './Notice.tsx';
import { words } from './words.ts';

/** Signed out is no error: it says where the door is. */
export function SignIn({ again }: { again: () => void }) {
  const { title, how, command, where, why } = words.signIn;
  return (
    <Notice
      level={1}
      icon={<IconKey size={26} stroke={1.5} />}
      title={title}
      text={
        <>
          {how} <code>{command}</code> {where} {why}
        </>
      }
    >
      <Button component="a" href="/sign-in">
        {words.signIn.byName}
      </Button>
      <Button variant="default" onClick={again}>
        {words.signIn.again}
      </Button>
    </Notice>
  );
}
