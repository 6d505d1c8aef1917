import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Busy } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { DocumentAnswer, ReportAnswer } from './schemas/reports.ts';

/** A report's content as a file of ours; whoever reads it takes it away. */
export interface FinishedReport {
  readonly state: 'ready';
  readonly path: string;
  remove(): Promise<void>;
}

/** `empty`: there was nothing to report. `failed`: it has to be asked for again. */
export type Report = FinishedReport | { readonly state: 'empty' | 'failed' };

/** Reports take minutes; what asks for one comes again after this long. */
const AGAIN_MS = 60_000;

/**
 * @throws Busy while Amazon still works on it
 */
export async function readReport(amazon: Amazon, reportId: string, signal?: AbortSignal): Promise<Report> {
  const report = await amazon.api.call('getReport', {
    method: 'GET',
    path: `/reports/2021-06-30/reports/${encodeURIComponent(reportId)}`,
    answer: ReportAnswer,
    signal,
  });
  switch (report.processingStatus) {
    case 'IN_QUEUE':
    case 'IN_PROGRESS':
      throw new Busy(
        new Date(amazon.now().getTime() + AGAIN_MS),
        `Amazon still works on report ${reportId}.`,
      );
    // what Amazon calls cancelled is also a report that would have no rows
    case 'CANCELLED':
      return { state: 'empty' };
    case 'FATAL':
      return { state: 'failed' };
    case 'DONE':
      if (report.reportDocumentId === undefined) return { state: 'empty' };
      return download(amazon, report.reportDocumentId, signal);
  }
}

async function download(amazon: Amazon, documentId: string, signal?: AbortSignal): Promise<Report> {
  const { url, compressionAlgorithm } = await amazon.api.call('getReportDocument', {
    method: 'GET',
    path: `/reports/2021-06-30/documents/${encodeURIComponent(documentId)}`,
    answer: DocumentAnswer,
    signal,
  });
  const directory = await mkdtemp(join(tmpdir(), 'kept-amazon-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const response = await amazon.api.document(url, signal === undefined ? {} : { signal });
    const path = join(directory, 'report.txt');
    const body = Readable.from(response.body ?? []);
    const file = createWriteStream(path, { mode: 0o600 });
    if (compressionAlgorithm === 'GZIP') await pipeline(body, createGunzip(), file);
    else await pipeline(body, file);
    return { state: 'ready', path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
