// One lab in the panel: its exercises, its buttons, and what came of them.

import { Button } from '@jupyterlab/ui-components';
import * as React from 'react';

import { ILab } from './api';
import { Exercises } from './exercises';
import { IDoing, Labs } from './model';
import { Receipt, Verdict } from './verdict';
import { due } from './words';

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
      <Exercises exercises={lab.exercises} busy={busy} check={check} />
      <div className="sai-buttons">
        <Button aria-disabled={busy} onClick={() => check(null)}>
          Check all
        </Button>
        <Button aria-disabled={busy} onClick={() => void labs.submit(lab.path)}>
          Submit
        </Button>
        {doing.stop && <Button onClick={doing.stop}>Stop</Button>}
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
