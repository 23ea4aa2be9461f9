// The side panel.

import {
  ReactWidget,
  refreshIcon,
  ToolbarButtonComponent,
  UseSignal
} from '@jupyterlab/ui-components';
import * as React from 'react';

import { LabView, Open } from './lab';
import { Labs } from './model';

export class Panel extends ReactWidget {
  constructor(
    private _labs: Labs,
    private _open: Open
  ) {
    super();
    this.addClass('sai-panel');
  }

  protected onAfterShow(): void {
    void this._labs.refresh();
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._labs.changed}>
        {() => <Content labs={this._labs} open={this._open} />}
      </UseSignal>
    );
  }
}

function Content({ labs, open }: { labs: Labs; open: Open }): JSX.Element {
  return (
    <>
      <header>
        <h2>{labs.labs?.find(lab => lab.course)?.course?.title ?? 'Labs'}</h2>
        <ToolbarButtonComponent
          icon={refreshIcon}
          tooltip="Look again for labs and reports"
          onClick={() => void labs.refresh()}
        />
      </header>
      <Found labs={labs} open={open} />
    </>
  );
}

function Found({ labs, open }: { labs: Labs; open: Open }): JSX.Element {
  if (labs.error) {
    return <pre className="sai-lost">{labs.error}</pre>;
  }
  if (labs.labs === null) {
    return <p>Looking for labs …</p>;
  }
  if (labs.labs.length === 0) {
    return (
      <p>
        No lab lies here. Unpack one below the folder that JupyterLab was started in,
        or fetch it under Nbgrader → Assignment List; then look again.
      </p>
    );
  }
  return (
    <>
      {labs.labs.map(lab => (
        <LabView key={lab.path} lab={lab} labs={labs} open={open} />
      ))}
    </>
  );
}
