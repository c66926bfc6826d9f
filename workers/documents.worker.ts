/** Entry of the documents thread: files to text with positions. Libraries are loaded when a file of their kind comes. */
import { expose } from 'comlink';
import { serveDocuments } from './intake/documents/serve-documents.ts';

expose(serveDocuments());
