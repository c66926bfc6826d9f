/** Where the shipped models lie; FLOTILLA_FLEET names another folder, e.g. while a model is being built. */
import { join } from 'node:path';

export const FLEET =
  process.env['FLOTILLA_FLEET'] ?? join(import.meta.dirname, '../../public/fleet');
