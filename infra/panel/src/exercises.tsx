// The exercises of a lab: what each is worth, and what its last check found.

import { Button, runIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IExercise } from './api';
import { outcome, tone, total, worth } from './words';

interface IActions {
  busy: boolean;
  check: (id: string) => void;
}

export function Exercises({
  exercises,
  ...actions
}: { exercises: IExercise[] } & IActions): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">exercise</th>
          <th scope="col" title="points">
            pts
          </th>
          <th scope="col" title="of the public tests">
            last check
          </th>
          <th scope="col" aria-label="check"></th>
        </tr>
      </thead>
      <tbody>
        {exercises.map(one => (
          <Row key={one.id} exercise={one} {...actions} />
        ))}
      </tbody>
      <tfoot>
        <Total exercises={exercises} />
      </tfoot>
    </table>
  );
}

function Row({ exercise, busy, check }: { exercise: IExercise } & IActions): JSX.Element {
  const { id, last, points } = exercise;
  const known = points !== undefined;
  return (
    <tr data-exercise={id}>
      <th scope="row" title={known ? `${exercise.title}, ${worth(exercise)}` : id}>
        {id}
      </th>
      <td className="sai-number">
        {exercise.bonus ? '+' : ''}
        {points}
      </td>
      <td className={`sai-${tone(last)}`} title={last?.time}>
        {last === null ? <Unchecked /> : outcome(last)}
        {last && tone(last) === 'lost' ? ` ${last.passed}/${last.tests}` : ''}
      </td>
      <td>
        <Button
          small
          minimal
          aria-disabled={busy}
          title={`Check ${id}`}
          aria-label={`Check ${id}`}
          onClick={() => check(id)}
        >
          <runIcon.react tag="span" width="14px" height="14px" />
        </Button>
      </td>
    </tr>
  );
}

function Unchecked(): JSX.Element {
  return (
    <span title="not checked yet">
      –<span className="sai-unseen"> not checked</span>
    </span>
  );
}

/** Points without bonus, and of the tests that were run, how many passed. */
function Total({ exercises }: { exercises: IExercise[] }): JSX.Element {
  const { full, said } = total(exercises);
  const checked = exercises.flatMap(one => one.last ?? []);
  const tests = checked.reduce((sum, last) => sum + last.tests, 0);
  const passed = checked.reduce((sum, last) => sum + last.passed, 0);
  return (
    <tr>
      <th scope="row">total</th>
      <td className="sai-number" title={full ? said : undefined}>
        {full || ''}
      </td>
      <td colSpan={2}>{tests > 0 && `${passed} of ${tests} tests`}</td>
    </tr>
  );
}
