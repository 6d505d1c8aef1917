import { LocationCode } from '@kept/contract';
import { z } from 'zod';

/** What every ERP is told alike. */
export const commonSettings = {
  address: z
    .url('expected an address such as https://erp.example.com')
    .describe('where it is reached, such as https://erp.example.com'),
  locations: z
    .record(z.string().min(1), LocationCode)
    .default({})
    .describe(
      'the ERP’s warehouses by their code or name: { "WH": "main" }. One that is left out is a location of its own name',
    ),
  items: z
    .enum(['here', 'elsewhere'])
    .default('here')
    .describe(
      'where items are named and priced: `elsewhere` where a shop does that, so that the two do not take turns',
    ),
};

export const trimmed = (address: string) => address.replace(/\/+$/, '');
