import { constants, createPrivateKey, type SignKeyObjectInput, sign } from 'node:crypto';

const LIFE_SECONDS = 300;
const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/**
 * What NetSuite gives an access token for, where no person signs in (OAuth 2.0 client credentials): a JWT that the integration's
 * key has signed (RFC 7523), PS256 for RSA keys and ES256 for elliptic ones.
 */
export function clientAssertion({
  privateKey,
  certificateId,
  clientId,
  audience,
  now,
}: {
  privateKey: string;
  certificateId: string;
  clientId: string;
  audience: string;
  now: Date;
}): string {
  const key = createPrivateKey(privateKey);
  const elliptic = key.asymmetricKeyType === 'ec';
  const issuedAt = Math.floor(now.getTime() / 1000);
  const head = { typ: 'JWT', alg: elliptic ? 'ES256' : 'PS256', kid: certificateId };
  const claims = {
    iss: clientId,
    scope: ['rest_webservices'],
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + LIFE_SECONDS,
  };
  const text = `${encoded(head)}.${encoded(claims)}`;
  const how: SignKeyObjectInput = elliptic
    ? { key, dsaEncoding: 'ieee-p1363' }
    : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${text}.${sign('sha256', Buffer.from(text), how).toString('base64url')}`;
}
