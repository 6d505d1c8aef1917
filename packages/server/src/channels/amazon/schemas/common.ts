import { z } from 'zod';

/** Amazon's instants, with or without fractions, in UTC or with an offset. */
export const At = z.iso.datetime({ offset: true });
/** A decimal number as text, so that nothing of it is lost. */
export const Decimal = z.union([z.string(), z.number().transform(String)]);
export const AmazonMoney = z.object({ amount: Decimal, currencyCode: z.string().length(3) });
export const Units = z.int().min(0);
