/** Starts the intake worker on first use and hands out its door. */
import { proxy, wrap, type Remote } from 'comlink';
import intakeThread from '../../workers/intake.worker.ts?worker&url';
import type { Intake } from '../core/intake.ts';
import { startThread } from '../platform/start-thread.ts';

/** The remote is held here for as long as the door lives: a collected proxy would hang its caller. */
export function connectIntake(): Intake {
  let remote: Remote<Intake> | null = null;
  const worker = (): Remote<Intake> => {
    remote ??= wrap<Intake>(startThread(intakeThread, 'intake'));
    return remote;
  };
  return {
    open: (file, onProgress) => worker().open(file, proxy(onProgress)),
    stopOpening: () => worker().stopOpening(),
    close: (tableId) => worker().close(tableId),
    read: (tableId, columns, from, count) => worker().read(tableId, columns, from, count),
    labelCounts: (tableId, column) => worker().labelCounts(tableId, column),
    check: (tableId, text, label) => worker().check(tableId, text, label),
    createJob: (tableId, choice, onProgress) =>
      worker().createJob(tableId, choice, proxy(onProgress)),
    createFilesJob: (files, choice, onProgress) =>
      worker().createFilesJob(files, choice, proxy(onProgress)),
    jobs: () => worker().jobs(),
    openJob: (jobId) => worker().openJob(jobId),
    texts: (jobId, from, count) => worker().texts(jobId, from, count),
    requests: (jobId, from, count) => worker().requests(jobId, from, count),
    saveAnswers: (jobId, from, answers) => worker().saveAnswers(jobId, from, answers),
    correct: (jobId, row, label) => worker().correct(jobId, row, label),
    view: (jobId, query) => worker().view(jobId, query),
    slice: (jobId, from, count) => worker().slice(jobId, from, count),
    exportJob: (jobId, format, onProgress) => worker().exportJob(jobId, format, proxy(onProgress)),
    deleteJob: (jobId) => worker().deleteJob(jobId),
    saveDraft: (page, draft) => worker().saveDraft(page, draft),
    draft: (page) => worker().draft(page),
  };
}
