import { decodedPath } from '../article/address.js';

/** Where the desk serves what the site would. */
export const picturesPath = '/pictures/';

/** Path below the site → bytes. */
export type Pictures = ReadonlyMap<string, Uint8Array>;

/**
 * Pictures stand at their address on the site, which need not be served yet: the desk shows what it would serve.
 *
 * @param revision counts up when a picture changes, so that no browser shows the one before.
 */
export function withOwnPictures(html: string, pictures: Pictures, siteUrl: string, revision: number): string {
  return html.replace(/\b(src|background)="([^"]+)"/g, (whole, attribute: string, address: string) => {
    if (!address.startsWith(siteUrl)) return whole;
    const [path = ''] = address.slice(siteUrl.length).split(/[?#]/);
    return pictures.has(decodedPath(path)) ? `${attribute}="${picturesPath}${path}?v=${revision}"` : whole;
  });
}
