/** Whether a URL's host name (IPv6 in brackets) is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the environment's proxy stands between here and the endpoint. The names, and that one
 * proxy serves both schemes, are the SDK's; that this machine itself is never behind it is ours.
 */
export function goesThroughProxy(endpoint: string, env: Environment): boolean {
  const { hostname } = new URL(endpoint);
  if (isLoopback(hostname)) return false;
  const read = (name: string) => env[name] || env[name.toLowerCase()] || '';
  if (!['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'].some((name) => read(name) !== '')) return false;
  return !read('NO_PROXY')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => excepts(entry, hostname));
}

function excepts(entry: string, hostname: string): boolean {
  if (entry === '*') return true;
  const name = entry
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '')
    .toLowerCase();
  return hostname === name || hostname.endsWith(`.${name}`);
}
