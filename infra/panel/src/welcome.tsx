// The welcome page: the course, its labs, what to do first.

import { Button, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { ILab } from './api';
import { Open } from './lab';
import { Labs } from './model';
import { Notice } from './notice';
import { due } from './words';

export class Welcome extends ReactWidget {
  constructor(
    private _labs: Labs,
    private _open: Open,
    private _show: () => void
  ) {
    super();
    this.addClass('sai-welcome');
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._labs.changed}>
        {() => <Content labs={this._labs} open={this._open} show={this._show} />}
      </UseSignal>
    );
  }
}

interface IProps {
  labs: Labs;
  open: Open;
  show: () => void;
}

function Content({ labs, open, show }: IProps): JSX.Element {
  const known = labs.labs ?? [];
  const course = known.find(lab => lab.course)?.course;
  return (
    <article>
      <h1>{course?.title ?? 'Your labs'}</h1>
      {course && <p className="sai-soft">{course.term}</p>}
      <h2>What to do first</h2>
      <ol>
        <li>Read the handout of a lab: what to build, and how it is graded.</li>
        <li>
          Open its notebook. It leads through the exercises; the code itself you
          write in the files beside it.
        </li>
        <li>
          Check often, here in the <ShowPanel show={show} /> or with{' '}
          <code>%check</code>. Submit when you are done: the last hand-in counts.
        </li>
      </ol>
      <h2>Labs</h2>
      <Notice labs={labs} />
      {known.map(lab => (
        <Card key={lab.path} lab={lab} open={open} />
      ))}
    </article>
  );
}

function ShowPanel({ show }: { show: () => void }): JSX.Element {
  return (
    <button className="sai-link" onClick={show}>
      panel on the left
    </button>
  );
}

function Card({ lab, open }: { lab: ILab; open: Open }): JSX.Element {
  const passed = lab.exercises.filter(one => one.last?.outcome === 'pass').length;
  const { handout, notebook } = lab;
  return (
    <section className="sai-card" aria-label={lab.title}>
      <h3>{lab.title}</h3>
      {lab.due && <p className="sai-soft">{due(lab.due)}</p>}
      <p>
        <progress value={passed} max={lab.exercises.length || 1} aria-hidden="true" />{' '}
        {passed} of {lab.exercises.length} exercises pass their public tests.
      </p>
      <div className="sai-buttons">
        {handout && <Button onClick={() => open(handout)}>Open the handout</Button>}
        {notebook && <Button onClick={() => open(notebook)}>Open the notebook</Button>}
      </div>
    </section>
  );
}
