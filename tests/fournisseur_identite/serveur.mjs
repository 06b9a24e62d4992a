// A certified OpenID Connect provider on a free port, for the tests. It prints its address, then
// obeys orders on its standard input: one JSON object a line, `{"claims": {…}, "jeton": {…}}` — what
// it says of whoever signs in, and what it changes in the tokens that it signs.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const [client, secret, retour] = process.argv.slice(2);
let ordre = { claims: {}, jeton: {} };

const serveur = createServer();
await new Promise((pret) => serveur.listen(0, '127.0.0.1', pret));
const emetteur = `http://127.0.0.1:${serveur.address().port}`;

const fournisseur = new Provider(emetteur, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: [retour],
      post_logout_redirect_uris: [new URL('/', retour).href],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  pkce: { methods: ['S256'], required: () => true },
  claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'fonction', 'rne', 'amr'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  cookies: { keys: ['essai'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, name: `Nom de ${id}`, ...ordre.claims }),
  }),
});

// What it says goes into the token; and tokens that a provider gone wrong would sign, for another
// client, already expired, or for another departure.
const { IdToken } = fournisseur;
const signer = IdToken.prototype.issue;
IdToken.prototype.issue = function issue(options) {
  const { aud, exp, nonce } = ordre.jeton;
  for (const [nom, valeur] of Object.entries(ordre.claims)) this.set(nom, valeur);
  if (nonce) this.set('nonce', nonce);
  if (aud) this.client = Object.create(this.client, { clientId: { value: aud } });
  return signer.call(this, exp ? { ...options, expiresAt: exp } : options);
};

serveur.on('request', fournisseur.callback());
createInterface({ input: process.stdin }).on('line', (ligne) => {
  ordre = { claims: {}, jeton: {}, ...JSON.parse(ligne) };
  console.log('compris');
});
process.stdin.on('end', () => process.exit(0));
console.log(emetteur);
