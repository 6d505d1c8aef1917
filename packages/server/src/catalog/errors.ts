import { KeptError } from '../platform/errors.ts';

/** Every sentence tells what was looked for, and how to bring it about. */
export function unknownSku(sku: string, path: string): KeptError {
  return new KeptError('unknown_sku', `${noItem(sku)} PUT /v1/items/${encodeURIComponent(sku)} makes one.`, {
    errors: [{ path, message: `no item has the SKU ${JSON.stringify(sku)}` }],
  });
}

export function unknownLocation(code: string, path: string): KeptError {
  return new KeptError(
    'unknown_location',
    `No location has the code ${JSON.stringify(code)}. PUT /v1/locations/${encodeURIComponent(code)} makes one.`,
    { errors: [{ path, message: `no location has the code ${JSON.stringify(code)}` }] },
  );
}

export function unknownPolicy(name: string, path: string): KeptError {
  return new KeptError(
    'unknown_policy',
    `No policy has the name ${JSON.stringify(name)}. PUT /v1/policies/${encodeURIComponent(name)} makes one.`,
    { errors: [{ path, message: `no policy has the name ${JSON.stringify(name)}` }] },
  );
}

/** The thing that an address names is not there. */
export function notFound(what: string, name: string, address: string): KeptError {
  return new KeptError(
    'not_found',
    `There is no ${what} ${JSON.stringify(name)}. PUT /v1/${address}/${encodeURIComponent(name)} makes one.`,
  );
}

export function wrong(path: string, message: string): KeptError {
  return new KeptError('invalid_input', `${path}: ${message}`, { errors: [{ path, message }] });
}

const noItem = (sku: string) => `No item has the SKU ${JSON.stringify(sku)}.`;
