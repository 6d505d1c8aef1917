export { wholesaleConnector } from './connector.ts';
export { folderMailbox } from './mailbox/folder.ts';
export type { Mailbox } from './mailbox/mailbox.ts';
export { sftpMailbox } from './mailbox/sftp.ts';
export { partnerMessageRoutes } from './routes.ts';
export { isWorkbook, rowsOf } from './sheet/rows.ts';
