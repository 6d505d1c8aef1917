import { z } from 'zod';

const State = z.enum(['CANCELLED', 'DONE', 'FATAL', 'IN_PROGRESS', 'IN_QUEUE']);

/** As much as Kept uses of Reports 2021-06-30. */
export const CreateReportAnswer = z.object({ reportId: z.string() });
export const ReportAnswer = z.object({
  reportId: z.string(),
  processingStatus: State,
  reportDocumentId: z.string().optional(),
});
export const DocumentAnswer = z.object({
  url: z.string(),
  compressionAlgorithm: z.enum(['GZIP']).optional(),
});

/** As much as Kept uses of Feeds 2021-06-30. */
export const CreateFeedDocumentAnswer = z.object({ feedDocumentId: z.string(), url: z.string() });
export const CreateFeedAnswer = z.object({ feedId: z.string() });
export const FeedAnswer = z.object({
  feedId: z.string(),
  processingStatus: State,
  resultFeedDocumentId: z.string().optional(),
});
