import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on a port of its own, which keeps what it is sent. */
export interface MailServer {
  readonly url: string;
  readonly mails: ParsedMail[];
  /** Answers the next so many messages with a code, such as 451 (later) or 550 (never). */
  refuse(code: number, times: number): void;
  close(): Promise<void>;
}

export async function mailServer(): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  let refusing = { code: 0, times: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, callback) {
      simpleParser(stream).then((mail) => {
        if (refusing.times > 0) {
          refusing = { ...refusing, times: refusing.times - 1 };
          callback(Object.assign(new Error('not now'), { responseCode: refusing.code }));
          return;
        }
        mails.push(mail);
        callback();
      }, callback);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const url = `smtp://127.0.0.1:${port}`;
  return {
    url,
    mails,
    refuse(code, times) {
      refusing = { code, times };
    },
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
