/** The card of a specialist, as the UI and host pages see it. */
import type { GenerationModel } from './generation-model.ts';
import type { LoadedSpecialist, SpecialistCard, WriterCard } from './specialist.ts';

export function cardOf(
  { manifest, origin, sizeBytes }: LoadedSpecialist,
  maxError: number,
): SpecialistCard {
  const { certificates, noCertificateReason } = manifest.promises.encoder;
  const asked = certificates.filter((c) => c.maxError <= maxError + 1e-9).at(-1) ?? null;
  return {
    id: manifest.id,
    version: manifest.version,
    title: manifest.title,
    description: manifest.description,
    task: manifest.task,
    labels: manifest.labels,
    tiers: ['static', 'encoder'],
    state: 'champion',
    origin,
    sizeBytes,
    evaluation: manifest.evaluation,
    certificate: asked,
    certificates,
    noCertificateReason: asked ? null : noCertificateReason,
    passport: manifest.passport,
    examples: manifest.examples,
  };
}

export function writerCardOf(model: GenerationModel): WriterCard {
  return {
    id: model.id,
    version: model.version,
    title: model.title,
    description: model.description,
    task: 'chat',
    labels: [],
    tiers: ['slm'],
    state: 'champion',
    origin: 'shipped',
    sizeBytes: model.files.reduce((sum, { bytes }) => sum + bytes, 0),
    evaluation: null,
    certificate: null,
    certificates: [],
    noCertificateReason: 'Generated text carries no certificate.',
    passport: model.passport,
    examples: [],
  };
}
