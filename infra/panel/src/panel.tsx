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
import { Notice } from './notice';

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
  const known = labs.labs ?? [];
  return (
    <>
      <header>
        <h2>{known.find(lab => lab.course)?.course?.title ?? 'Labs'}</h2>
        <ToolbarButtonComponent
          icon={refreshIcon}
          tooltip="Look again for labs and reports"
          onClick={() => void labs.refresh()}
        />
      </header>
      <Notice labs={labs} />
      {known.map(lab => (
        <LabView key={lab.path} lab={lab} labs={labs} open={open} />
      ))}
    </>
  );
}
