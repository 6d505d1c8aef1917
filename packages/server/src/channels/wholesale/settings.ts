import { z } from 'zod';
import { folderMailbox } from './mailbox/folder.ts';
import { httpMailbox } from './mailbox/http.ts';
import type { Mailbox } from './mailbox/mailbox.ts';
import { sftpMailbox } from './mailbox/sftp.ts';
import { Partner } from './partner.ts';

const Path = z.string().min(1).max(1000);
const Mailbox_ = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('folder').describe('of this machine: an SFTP server’s, or an AS2 gateway’s'),
    in: Path,
    out: Path,
    taken: Path.optional(),
  }),
  z.object({
    kind: z.literal('sftp'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1).max(200),
    hostKey: z
      .string()
      .regex(
        /^SHA256:[A-Za-z0-9+/]{43}=?$/,
        'expected the server key’s fingerprint, as ssh-keygen -lf shows it: SHA256:…',
      ),
    in: Path,
    out: Path,
    taken: Path.optional(),
  }),
  z.object({ kind: z.literal('http'), url: z.url({ protocol: /^https?$/ }) }),
]);

export const WholesaleSettings = z
  .object({
    mailbox: Mailbox_.describe(
      'where files come from and go to: folders, an SFTP server, or a gateway’s address',
    ),
    partners: z.array(Partner).min(1).max(500).describe('who orders, each with all that is agreed with them'),
  })
  .superRefine(({ partners }, context) => {
    const seen = new Map<string, number>();
    for (const [index, { code, standard, ours, theirs }] of partners.entries())
      for (const name of [
        code,
        `${standard} ${theirs.qualifier}:${theirs.id} ${ours.qualifier}:${ours.id}`,
      ]) {
        if (seen.has(name))
          context.addIssue({
            code: 'custom',
            path: ['partners', index],
            message: `partner ${seen.get(name)! + 1} is called ${name} too`,
          });
        seen.set(name, index);
      }
  });
export type WholesaleSettings = z.output<typeof WholesaleSettings>;

export const WholesaleSecrets = z.object({
  password: z.string().max(1000).optional().describe('of the SFTP user; or a privateKey'),
  privateKey: z.string().max(20_000).optional().describe('of the SFTP user, as its file has it'),
  passphrase: z.string().max(1000).optional().describe('of the privateKey, where it has one'),
  authorization: z.string().max(4000).optional().describe('the header with which files are posted'),
  pushKey: z
    .string()
    .min(16)
    .max(200)
    .optional()
    .describe('what partners or gateways send as Authorization: Bearer … when they post files'),
});
export type WholesaleSecrets = z.output<typeof WholesaleSecrets>;

export function openMailbox(
  { mailbox }: WholesaleSettings,
  secrets: WholesaleSecrets,
  fetching: typeof fetch,
  silenceMs?: number,
): Mailbox {
  switch (mailbox.kind) {
    case 'folder':
      return folderMailbox(mailbox);
    case 'sftp':
      return sftpMailbox({ ...mailbox, ...secrets, silenceMs });
    case 'http':
      return httpMailbox({ url: mailbox.url, authorization: secrets.authorization }, fetching);
  }
}
