/** How pages find the one engine of a site: what crosses between them, the broker and the router thread. */

/** Page → router thread, with one MessagePort: a new session. */
export interface ConnectPage {
  /** Is it the page that starts the thread? */
  isHome: boolean;
}
