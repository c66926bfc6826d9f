/** The card of a specialist, as the UI and host pages see it. */
import type { LoadedSpecialist, SpecialistCard } from './specialist.ts';

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
