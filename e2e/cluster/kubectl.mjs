// As much of kubectl as recorded cases ask for: `apply -f -`, `delete -f -`, and `get pods,secrets` with a selector, as names.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    namespace: { type: 'string', short: 'n', default: 'default' },
    selector: { type: 'string', short: 'l', default: '' },
    output: { type: 'string', short: 'o', default: 'name' },
    filename: { type: 'string', short: 'f' },
    'ignore-not-found': { type: 'boolean' },
  },
});
const config = JSON.parse(readFileSync(process.env.KUBECONFIG, 'utf8'));
const [verb, resources = ''] = positionals;
if (verb === 'get') for (const resource of resources.split(',')) await list(resource);
else for (const item of JSON.parse(readFileSync(0, 'utf8')).items) await change(item);

async function list(resource) {
  const query = values.selector ? `?labelSelector=${encodeURIComponent(values.selector)}` : '';
  const { items } = await call('GET', `${resource}${query}`);
  const singular = resource.replace(/s$/, '');
  for (const { metadata } of items) {
    if (values.output === 'name') console.log(`${singular}/${metadata.name}`);
    // The one template that cases have: names of what is not being deleted.
    else if (!metadata.deletionTimestamp) console.log(metadata.name);
  }
}

async function change(item) {
  const resource = `${item.kind.toLowerCase()}s`;
  if (verb === 'apply') await call('POST', resource, item);
  else await call('DELETE', `${resource}/${item.metadata.name}`);
}

function call(method, path, body) {
  const { cluster } = config.clusters[0];
  const content = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${cluster.server}/api/v1/namespaces/${values.namespace}/${path}`,
      {
        method,
        ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
        headers: {
          authorization: `Bearer ${config.users[0].user.token}`,
          ...(content ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) } : {}),
        },
      },
      async (response) => {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        const answer = JSON.parse(Buffer.concat(chunks).toString());
        if (response.statusCode < 300) resolve(answer);
        else reject(new Error(answer.message));
      },
    );
    sent.once('error', reject);
    sent.end(content);
  });
}
