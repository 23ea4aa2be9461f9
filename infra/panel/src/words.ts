// Dates and outcomes in words.

import { IExercise, ILast } from './api';

const MINUTE = 60 * 1000;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE]
];

/** When something is due, and how far that is from `now`. */
export function due(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const day = date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return `due ${day} (${distance(date.getTime() - now)})`;
}

/** In whole units, rounded towards now: nobody is told of time that is not there. */
function distance(left: number): string {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(left) >= size) ?? UNITS[2];
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(left / size), unit);
}

/** A mark and a word for what the last check found: never a colour alone. */
export function outcome(last: ILast): string {
  if (last.outcome === 'pass') {
    return '✓ pass';
  }
  return last.outcome === 'missing' ? '○ to do' : `✗ ${last.outcome}`;
}

/** The class that colours an outcome. */
export function tone(last: ILast | null): string {
  const known = last?.outcome ?? 'missing';
  return known === 'pass' || known === 'missing' ? known : 'lost';
}

/** What an exercise is worth. */
export function worth(exercise: IExercise): string {
  return points(exercise.points ?? 0, exercise.bonus);
}

/** What a lab is worth, and what a student may earn beyond that. */
export function total(exercises: IExercise[]): { full: number; said: string } {
  const sum = (bonus: boolean) =>
    exercises
      .filter(one => one.bonus === bonus)
      .reduce((most, one) => most + (one.points ?? 0), 0);
  const beyond = sum(true) ? `, and ${points(sum(true), true)}` : '';
  return { full: sum(false), said: points(sum(false)) + beyond };
}

function points(number: number, bonus = false): string {
  return `${number} ${bonus ? 'bonus ' : ''}${number === 1 ? 'point' : 'points'}`;
}
