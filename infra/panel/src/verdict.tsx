// What a check found, as `%check` shows it in a notebook; and what was packed.

import * as React from 'react';

import { IFound, IPacked } from './api';

export function Verdict({ found }: { found: IFound }): JSX.Element {
  const lost = found.tests.filter(test => test.outcome !== 'pass');
  if (!found.first) {
    return (
      <p className="sai-pass">
        ✓ {found.tests.length} of {found.tests.length} public tests pass. Hidden
        tests decide the other points.
      </p>
    );
  }
  const passed = found.tests.length - lost.length;
  return (
    <>
      <p>
        {passed} of {found.tests.length} public tests pass.
      </p>
      <FirstFailure failing={found.first} />
    </>
  );
}

function FirstFailure({
  failing
}: {
  failing: NonNullable<IFound['first']>;
}): JSX.Element {
  const what = [failing.difference, failing.line].filter(Boolean);
  if (!failing.began) {
    return (
      <>
        <p>Your files cannot be imported, so no test can begin.</p>
        <pre>{what.join('\n')}</pre>
      </>
    );
  }
  const inputs = Object.entries(failing.inputs);
  const shown = [
    ...(failing.case ? [`case: ${failing.case}`] : []),
    ...inputs.map(([name, value]) => `${name} = ${value}`),
    ...what
  ];
  return (
    <>
      <p>
        Look first at: <strong>{failing.title}</strong>
      </p>
      <pre tabIndex={0}>{shown.join('\n')}</pre>
      {failing.hint && <p>Hint: {failing.hint}</p>}
    </>
  );
}

export function Receipt({ packed }: { packed: IPacked }): JSX.Element {
  return (
    <>
      <p className="sai-pass">
        ✓ Packed {packed.files.length} files as{' '}
        <strong>{packed.zip.split('/').pop()}</strong>.
      </p>
      {packed.exchange && (
        <p>
          Submitted to {packed.exchange.course} at {packed.exchange.time}.
        </p>
      )}
      <p>Keep the receipt beside it: your report names the same digest.</p>
      <pre tabIndex={0}>{packed.digest}</pre>
    </>
  );
}
