/**
 * A certified OpenID Connect provider on a free port of this machine, for the tests to sign in at.
 *
 *     node provider.mjs < accounts.json
 *
 * Standard input is an object of accounts: claims by login name; any password is right. The first
 * line of standard output is `{"issuer": …}`. It ends when its standard input does.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const lines = createInterface({ input: process.stdin });
const accounts = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
process.stdin.on('close', () => process.exit(0));
process.stdin.resume();

function key(kid, type, options, alg) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

// A native client may come back to any port of this machine (RFC 8252).
const client = {
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/auth/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
};
const provider = new Provider(issuer, {
  clients: [
    {
      ...client,
      client_id: 'pinmark',
      client_secret: 'a secret: of % the + client',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    { ...client, client_id: 'public', token_endpoint_auth_method: 'none' },
    {
      ...client,
      client_id: 'elliptic',
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    },
    { ...client, client_id: 'another', token_endpoint_auth_method: 'none' },
  ],
  jwks: {
    keys: [
      key('rsa-1', 'rsa', { modulusLength: 2048 }, 'RS256'),
      key('ec-1', 'ec', { namedCurve: 'P-256' }, 'ES256'),
    ],
  },
  cookies: { keys: ['of the tests alone'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...accounts[id] }),
  }),
  features: {
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: 'openid',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
      }),
      useGrantedResource: () => true,
    },
  },
});
provider.on('server_error', (_context, error) => console.error(error));
server.on('request', provider.callback());
console.log(JSON.stringify({ issuer }));
