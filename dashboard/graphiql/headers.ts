/** What the headers editor means for a request: its headers, and whether they sign the viewer in. */

export type Headers = Readonly<Record<string, string>>;

/** What the headers editor starts with; a scheme without a token counts as no header at all. */
export const PLACEHOLDER = '{\n  "Authorization": "Bearer "\n}';

const BARE_SCHEME = /^(bearer|basic)?$/i;

/** The headers to send, as text, with `Authorization` spelt one way and left out while it is blank. */
export function sentHeaders(typed: Readonly<Record<string, unknown>> | undefined): Headers {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(typed ?? {})) {
    if (value === null || value === undefined) continue;
    const text = String(value).trim();
    if (name.toLowerCase() !== 'authorization') headers[name] = text;
    else if (!BARE_SCHEME.test(text)) headers.Authorization = text;
  }
  return headers;
}
