import { LocationCode } from '@kept/contract';
import { z } from 'zod';

/** What every ERP is told alike. */
export const commonSettings = {
  address: z.url('expected an address such as https://erp.example.com'),
  /** The ERP's warehouses by their code or name: { "WH": "main" }. One that is left out is a location of its own name. */
  locations: z.record(z.string().min(1), LocationCode).default({}),
  /** Where items are named and priced: `elsewhere` where a shop does that, so that the two do not take turns. */
  items: z.enum(['here', 'elsewhere']).default('here'),
};

export const trimmed = (address: string) => address.replace(/\/+$/, '');
