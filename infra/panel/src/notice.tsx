// What is shown where there are no labs, or the server does not tell.

import * as React from 'react';

import { Labs } from './model';

export function Notice({ labs }: { labs: Labs }): JSX.Element | null {
  if (labs.error) {
    return <pre className="sai-lost">{labs.error}</pre>;
  }
  if (labs.labs === null) {
    return <p>Looking for labs …</p>;
  }
  if (labs.labs.length > 0) {
    return null;
  }
  return (
    <p>
      No lab lies here. Unpack one below the folder that JupyterLab was started in, or
      fetch it under Nbgrader → Assignment List; then look again.
    </p>
  );
}
