// What the server says, and how it is asked. The server's side is labkit/panel.

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** What the last check of an exercise found. */
export interface ILast {
  tests: number;
  passed: number;
  outcome: string;
  time: string;
}

export interface IExercise {
  id: string;
  title: string;
  points?: number;
  bonus?: boolean;
  last: ILast | null;
}

export interface ILab {
  path: string;
  id: string;
  title: string;
  course: { title: string; term: string } | null;
  due: string | null;
  exercises: IExercise[];
  handout: string | null;
  notebook: string | null;
  report: string | null;
}

/** A test as `autograder check` reports it. */
export interface IReport {
  exercise: string;
  title: string;
  outcome: string;
  points: number;
  hint: string;
  case: string;
  inputs: Record<string, string>;
  line: string;
  began: boolean;
}

export interface IFound {
  tests: IReport[];
  first: (IReport & { difference: string }) | null;
}

export interface IPacked {
  zip: string;
  receipt: string;
  digest: string;
  files: string[];
  exchange?: { course: string; time: string };
}

type Line =
  | { tests: number }
  | { document: IFound }
  | { error: string }
  | { name: string };

async function ask(
  what: string,
  body?: object,
  signal?: AbortSignal
): Promise<Response> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'labkit', what);
  const init = body
    ? { method: 'POST', body: JSON.stringify(body), signal }
    : { method: 'GET' };
  const response = await ServerConnection.makeRequest(url, init, settings);
  if (!response.ok) {
    throw new Error(await reason(response));
  }
  return response;
}

async function reason(response: Response): Promise<string> {
  const said = await response.json().catch(() => null);
  return said?.message ?? `the server answered ${response.status} ${response.statusText}`;
}

export async function labs(): Promise<ILab[]> {
  return (await (await ask('labs')).json()).labs;
}

export async function submit(path: string): Promise<IPacked> {
  return (await ask('submit', { path })).json();
}

/** Run the public tests; `tell` hears how many of how many have ended, `signal` ends them. */
export async function check(
  path: string,
  exercise: string | null,
  tell: (done: number, total: number) => void,
  signal: AbortSignal
): Promise<IFound> {
  let done = 0;
  let total = 0;
  const response = await ask('check', { path, exercise }, signal);
  for await (const line of lines(response)) {
    if ('document' in line) {
      return line.document;
    }
    if ('error' in line) {
      throw new Error(line.error);
    }
    if ('tests' in line) {
      total = line.tests;
    } else {
      done += 1;
    }
    tell(done, total);
  }
  throw new Error('the server went away during the check; is it still running?');
}

async function* lines(response: Response): AsyncGenerator<Line> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n');
    rest = parts.pop()!;
    for (const part of parts) {
      yield JSON.parse(part);
    }
  }
}
