/** All measurements of one parameter in one unit, so that thousands of clauses on it cost no more than one. */
import type Big from 'big.js';
import type { Measurement } from './measurements.ts';
import { convert, unitOf, type Unit } from './units.ts';

export interface Value {
  value: Big;
  measurement: Measurement;
}

export interface Summary {
  count: number;
  least: Value | null;
  most: Value | null;
  /** Numbers that can be read in two ways: the second reading. */
  secondReadings: (Value & { first: Big })[];
  /** The first that says nothing certain, and why. */
  unclear: { measurement: Measurement; reason: string } | null;
  /** A unit was not given and taken from the specification. */
  assumedUnit: boolean;
}

/** More numbers than this that can be read in two ways make the parameter unclear. */
const MOST_AMBIGUOUS = 50;
const AMBIGUOUS =
  'The number can be read in two ways (as decimals or as thousands), and that decides.';

/** The value in the unit of the specification, or why it cannot be had. */
function inUnit(value: Big, measurement: Measurement, unit: Unit | null): Big | string {
  if (!unit) {
    if (measurement.unit === '') return value;
    return `The specification names no unit, the measurement "${measurement.unit.slice(0, 20)}".`;
  }
  if (measurement.unit === '')
    return measurement.unitless
      ? value
      : `The measurement names no unit; the specification asks for ${unit.written}.`;
  const own = unitOf(measurement.unit);
  if (!own) return `The unit "${measurement.unit.slice(0, 20)}" is not known.`;
  return convert(value, own, unit) ?? `${own.written} cannot be converted into ${unit.written}.`;
}

function enter(summary: Summary, measurement: Measurement, unit: Unit | null): void {
  const doubt = (reason: string) => {
    summary.unclear ??= { measurement, reason };
  };
  const [first, second] = measurement.readings;
  if (!first) {
    doubt('No single number stands there.');
    return;
  }
  const value = inUnit(first, measurement, unit);
  if (typeof value === 'string') {
    doubt(value);
    return;
  }
  const own = { value, measurement };
  if (!summary.least || value.lt(summary.least.value)) summary.least = own;
  if (!summary.most || value.gt(summary.most.value)) summary.most = own;
  if (measurement.unit === '' && unit) summary.assumedUnit = true;
  const other = second && inUnit(second, measurement, unit);
  if (!other || typeof other === 'string') return;
  if (summary.secondReadings.length === MOST_AMBIGUOUS) doubt(AMBIGUOUS);
  else summary.secondReadings.push({ value: other, first: value, measurement });
}

export function summaryOf(measurements: readonly Measurement[], unit: Unit | null): Summary {
  const summary: Summary = {
    count: measurements.length,
    least: null,
    most: null,
    secondReadings: [],
    unclear: null,
    assumedUnit: false,
  };
  for (const measurement of measurements) enter(summary, measurement, unit);
  return summary;
}

export const ambiguityReason = AMBIGUOUS;
