/** Reads a server's base_url strictly. The core has no URL class, so what is not plainly an address is refused. */

/** Scheme, host (name, IPv4 or [IPv6]), port and path; no credentials, query, fragment, blanks or backslashes. */
const ADDRESS =
  /^(https?):\/\/([a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?((?:\/[a-z0-9._~%-]{1,128}){0,16})\/?$/i;
const LOOPBACK = /^(localhost|127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])$/i;

/** What is wrong with a base_url, as a sentence; null when content may be sent there. */
export function addressProblem(baseUrl: string): string | null {
  const parts = ADDRESS.exec(baseUrl);
  if (!parts) {
    return `base_url must look like https://host/v1, without user name, query or fragment; it is ${JSON.stringify(baseUrl.slice(0, 200))}`;
  }
  const [, scheme = '', host = ''] = parts;
  if (scheme.toLowerCase() === 'https' || LOOPBACK.test(host)) return null;
  return `base_url must use https, because ${host} is not this machine`;
}

/** The address of an endpoint below base_url. */
export function endpointUrl(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/$/, '')}/${path}`;
}
