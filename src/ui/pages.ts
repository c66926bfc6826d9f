/** The pages of the app. Everything but the desk is loaded when it is first opened. */
import type { Component } from 'svelte';
import type { Shell } from '../state/shell.svelte.ts';

/** What every page gets. `path` is what follows the page's name in the URL, e.g. an id. */
export interface PageProps {
  shell: Shell;
  path: string;
}

type LoadPage = () => Promise<{ default: Component<PageProps> }>;

export const PAGES = [
  'desk',
  'batch',
  'review',
  'workflows',
  'knowledge',
  'chat',
  'fleet',
  'models',
  'train',
  'audit',
  'settings',
  'receipts',
  'embed',
] as const;
export type PageId = (typeof PAGES)[number];

export const TITLES: Record<PageId, string> = {
  desk: 'Desk',
  batch: 'Batch',
  review: 'Review',
  workflows: 'Workflows',
  knowledge: 'Knowledge',
  chat: 'Chat',
  fleet: 'Fleet',
  models: 'Models',
  train: 'Train',
  audit: 'Audit',
  settings: 'Settings',
  receipts: 'Receipts',
  embed: 'Embed',
};

/** Opened from elsewhere: receipts from the boundary at the top right, embedding from the settings; both from the palette. */
const OFF_RAIL: readonly PageId[] = ['receipts', 'embed'];
/** Pages of the rail, in its order. */
export const RAIL: readonly PageId[] = PAGES.filter((page) => !OFF_RAIL.includes(page));

export const LOADERS: Record<Exclude<PageId, 'desk'>, LoadPage> = {
  batch: () => import('./batch/BatchPage.svelte'),
  review: () => import('./review/ReviewPage.svelte'),
  workflows: () => import('./workflows/WorkflowsPage.svelte'),
  knowledge: () => import('./knowledge/KnowledgePage.svelte'),
  chat: () => import('./chat/ChatPage.svelte'),
  fleet: () => import('./fleet/Fleet.svelte'),
  models: () => import('./models/ModelsPage.svelte'),
  train: () => import('./train/TrainPage.svelte'),
  audit: () => import('./audit/Audit.svelte'),
  settings: () => import('./settings/Settings.svelte'),
  receipts: () => import('./receipts/Receipts.svelte'),
  embed: () => import('./embed/EmbedPage.svelte'),
};

export const isPage = (name: string): name is PageId => (PAGES as readonly string[]).includes(name);
