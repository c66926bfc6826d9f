/** Addresses of this build, from where its code lies: a thread in a frame without an origin has no address of its own. */

/** The folder of the app. Built code lies in `assets/` below it. */
export const BASE_URL = new URL(
  import.meta.env.PROD ? '../' : import.meta.env.BASE_URL,
  import.meta.url,
).href;

/** The whole address of a file that was imported with `?url`. */
export const wholeAddress = (address: string): string => new URL(address, import.meta.url).href;
