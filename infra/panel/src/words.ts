// Dates and outcomes in words.

import { IExercise, ILast } from './api';

const DAY = 24 * 60 * 60 * 1000;

/** When something is due, and how far that is from `now`. */
export function due(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const days = Math.round((date.getTime() - now.getTime()) / DAY);
  const near = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const day = date.toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short'
  });
  return `due ${day} (${near.format(days, 'day')})`;
}

/** A mark and a word for what the last check found: never a colour alone. */
export function outcome(last: ILast): string {
  if (last.outcome === 'pass') {
    return '✓ pass';
  }
  return last.outcome === 'missing' ? '○ not begun' : `✗ ${last.outcome}`;
}

/** The class that colours an outcome. */
export function tone(last: ILast | null): string {
  const known = last?.outcome ?? 'missing';
  return known === 'pass' || known === 'missing' ? known : 'lost';
}

/** What an exercise is worth. */
export function points(exercise: IExercise): string {
  const unit = exercise.points === 1 ? 'point' : 'points';
  return `${exercise.points} ${exercise.bonus ? 'bonus ' : ''}${unit}`;
}
