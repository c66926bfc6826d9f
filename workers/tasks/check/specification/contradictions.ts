/** Clauses that cannot both hold: limits on one parameter whose intervals do not meet. Linear in the clauses. */
import { nameKey, type Clause, type LimitDemand } from './clause.ts';
import type { Bound } from './limits.ts';
import { convert, type Unit } from './units.ts';

interface Strictest {
  unit: Unit | null;
  low: (Bound & { id: string }) | null;
  high: (Bound & { id: string }) | null;
  members: { id: string; low: Bound | null; high: Bound | null }[];
}

const inUnit = (bound: Bound | null, demand: LimitDemand, unit: Unit | null): Bound | null => {
  if (!bound || demand.unit === unit) return bound;
  const value = demand.unit && unit ? convert(bound.value, demand.unit, unit) : null;
  return value && { ...bound, value };
};

function enter(group: Strictest, id: string, demand: LimitDemand): void {
  const low = inUnit(demand.limit.low, demand, group.unit);
  const high = inUnit(demand.limit.high, demand, group.unit);
  group.members.push({ id, low, high });
  if (low && (!group.low || low.value.gt(group.low.value))) group.low = { ...low, id };
  if (high && (!group.high || high.value.lt(group.high.value))) group.high = { ...high, id };
}

const apart = (low: Bound | null, high: Bound | null): boolean =>
  low !== null &&
  high !== null &&
  (low.value.gt(high.value) || (low.value.eq(high.value) && !(low.inclusive && high.inclusive)));

/** The clause that each contradictory clause contradicts, by id. */
export function contradictionsOf(clauses: readonly Clause[]): Map<string, string> {
  const groups = new Map<string, Strictest>();
  for (const { id, demand } of clauses) {
    if (demand.kind !== 'limit') continue;
    const key = nameKey(demand.parameter);
    const group = groups.get(key) ?? { unit: demand.unit, low: null, high: null, members: [] };
    groups.set(key, group);
    enter(group, id, demand);
  }
  const found = new Map<string, string>();
  for (const { low, high, members } of groups.values())
    for (const member of members) {
      if (high && member.id !== high.id && apart(member.low, high)) found.set(member.id, high.id);
      else if (low && member.id !== low.id && apart(low, member.high)) found.set(member.id, low.id);
    }
  return found;
}
