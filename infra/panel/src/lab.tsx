// One lab in the panel: its exercises, its buttons, and what came of them.

import { Button, runIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IExercise, ILab } from './api';
import { IDoing, Labs } from './model';
import { Receipt, Verdict } from './verdict';
import { due, outcome, points, tone } from './words';

export type Open = (path: string) => void;

interface IProps {
  lab: ILab;
  labs: Labs;
  open: Open;
}

export function LabView({ lab, labs, open }: IProps): JSX.Element {
  const doing = labs.doing(lab.path);
  const check = (id: string | null) => void labs.check(lab.path, id);
  const busy = doing.busy !== undefined;
  return (
    <section className="sai-lab" aria-label={lab.title}>
      <h3>{lab.title}</h3>
      {lab.due && <p className="sai-soft">{due(lab.due)}</p>}
      <Links lab={lab} open={open} />
      <Exercises lab={lab} busy={busy} check={check} />
      <div className="sai-buttons">
        <Button disabled={busy} onClick={() => check(null)}>
          Check all
        </Button>
        <Button disabled={busy} onClick={() => void labs.submit(lab.path)}>
          Submit
        </Button>
      </div>
      <div role="status" aria-live="polite" className="sai-result">
        <Doing doing={doing} />
      </div>
    </section>
  );
}

function Links({ lab, open }: { lab: ILab; open: Open }): JSX.Element {
  const places = { Handout: lab.handout, Notebook: lab.notebook, Report: lab.report };
  return (
    <p className="sai-links">
      {Object.entries(places).map(([name, path]) =>
        path ? (
          <Link key={name} path={path} open={open}>
            {name}
          </Link>
        ) : null
      )}
      {!lab.report && <span className="sai-soft">no report yet</span>}
    </p>
  );
}

export function Link({
  path,
  open,
  children
}: {
  path: string;
  open: Open;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <button className="sai-link" onClick={() => open(path)}>
      {children}
    </button>
  );
}

function Exercises({
  lab,
  busy,
  check
}: {
  lab: ILab;
  busy: boolean;
  check: (id: string) => void;
}): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">exercise</th>
          <th scope="col" title="points">pts</th>
          <th scope="col" title="of the public tests">last check</th>
          <th scope="col" aria-label="check"></th>
        </tr>
      </thead>
      <tbody>
        {lab.exercises.map(one => (
          <Row key={one.id} exercise={one} busy={busy} check={check} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  exercise,
  busy,
  check
}: {
  exercise: IExercise;
  busy: boolean;
  check: (id: string) => void;
}): JSX.Element {
  const last = exercise.last;
  const worth = exercise.points === undefined ? '' : points(exercise);
  return (
    <tr data-exercise={exercise.id}>
      <th scope="row" title={`${exercise.title}${worth && `, ${worth}`}`}>
        {exercise.id}
      </th>
      <td className="sai-number">
        {exercise.bonus ? '+' : ''}
        {exercise.points}
      </td>
      <td className={`sai-${tone(last)}`} title={last?.time}>
        {last === null ? <Unchecked /> : outcome(last)}
        {last && last.outcome !== 'pass' ? ` ${last.passed}/${last.tests}` : ''}
      </td>
      <td>
        <Button
          small
          minimal
          disabled={busy}
          title={`Check ${exercise.id}`}
          aria-label={`Check ${exercise.id}`}
          onClick={() => check(exercise.id)}
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

function Doing({ doing }: { doing: IDoing }): JSX.Element | null {
  if (doing.busy === 'check') {
    const what = doing.exercise ?? 'all exercises';
    return (
      <p>
        <progress value={doing.done} max={doing.total || undefined} aria-label="tests" />{' '}
        checking {what}
        {doing.total ? `: ${doing.done} of ${doing.total} tests` : ''}
      </p>
    );
  }
  if (doing.busy === 'submit') {
    return <p>packing …</p>;
  }
  if (doing.error) {
    return <pre className="sai-lost">{doing.error}</pre>;
  }
  if (doing.packed) {
    return <Receipt packed={doing.packed} />;
  }
  return doing.found ? <Verdict found={doing.found} /> : null;
}
