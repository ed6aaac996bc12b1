/** Of what the hub takes as a name: at least so many characters, at most so many. */
const SHORTEST = 8;
const LONGEST = 80;

/** A name that the hub takes, made from the machine's. */
export function agentNameFrom(hostName: string): string {
  const [first = ''] = hostName.split('.');
  const plain = first.replace(/[^a-zA-Z0-9-_]+/g, '-').replace(/^-+|-+$/g, '');
  const name = plain.length >= SHORTEST ? plain : `${plain || 'desktop'}-agent`;
  return name.slice(0, LONGEST);
}
