/** The door of the documents thread. A call is cancelled by its id: an AbortSignal does not cross threads. */
import type { PageImage, ReadDocument, ReadingProgress } from '../../../src/core/document.ts';
import type { Result } from '../../../src/core/failure.ts';
import type { NamedBlob } from '../../../src/core/intake.ts';

export interface DocumentsThread {
  read(
    id: number,
    file: NamedBlob,
    onProgress: (progress: ReadingProgress) => void,
  ): Promise<Result<ReadDocument>>;
  pageImage(
    id: number,
    file: NamedBlob,
    page: number,
    maxWidth: number,
  ): Promise<Result<PageImage>>;
  attachment(id: number, file: NamedBlob, index: number): Promise<Result<NamedBlob>>;
  cancel(id: number): void;
}
