// What a check found, as `%check` shows it in a notebook; and what was packed.

import * as React from 'react';

import { IFound, IPacked, IReport } from './api';

export function Verdict({ found }: { found: IFound }): JSX.Element {
  const lost = found.tests.filter(test => test.outcome !== 'pass');
  const passed = `${found.tests.length - lost.length} of ${found.tests.length}`;
  if (!found.first) {
    return (
      <p className="sai-pass">
        ✓ {passed} public tests pass. Hidden tests decide the other points.
      </p>
    );
  }
  return (
    <>
      <p>
        {passed} public tests pass. {sum(lost)} of {sum(found.tests)} public points are
        at stake; hidden tests decide the others.
      </p>
      <FirstFailure failing={found.first} />
    </>
  );
}

function sum(tests: IReport[]): number {
  const points = tests.reduce((sum, test) => sum + test.points, 0);
  return Number(points.toPrecision(6)); // tests of an exercise share its points
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
    ...inputs.map(([name, value]) => hanging(`${name} = `, value)),
    ...what
  ];
  return (
    <>
      <p>
        Look first at: <strong>{failing.title}</strong>
      </p>
      <pre tabIndex={0} role="group" aria-label="the failing case">
        {shown.join('\n')}
      </pre>
      {failing.hint && <p>Hint: {failing.hint}</p>}
    </>
  );
}

/** `text` after `head`, its further lines below its first. */
function hanging(head: string, text: string): string {
  return head + text.replaceAll('\n', '\n' + ' '.repeat(head.length));
}

export function Receipt({ packed }: { packed: IPacked }): JSX.Element {
  const { exchange } = packed;
  return (
    <>
      <p className="sai-pass">
        ✓ Packed {packed.files.length} files as <strong>{name(packed.zip)}</strong>.
      </p>
      {exchange && (
        <p className="sai-pass">
          ✓ Handed in to course {exchange.course} at {exchange.time}.
        </p>
      )}
      <pre tabIndex={0} role="group" aria-label="digest">
        {packed.digest}
      </pre>
      <p>
        {exchange ? 'Keep the zip' : 'Hand the zip in, and keep it'} with its receipt,{' '}
        {name(packed.receipt)}: your report names the same digest.
      </p>
    </>
  );
}

function name(path: string): string {
  return path.split('/').pop()!;
}
