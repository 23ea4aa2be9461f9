// What the panel and the welcome page show, and what their buttons do.

import { ISignal, Signal } from '@lumino/signaling';

import * as api from './api';

/** What goes on in a lab, or came of it last, since the page was loaded. */
export interface IDoing {
  busy?: 'check' | 'submit';
  exercise?: string | null;
  done?: number;
  total?: number;
  stop?: () => void;
  found?: api.IFound;
  packed?: api.IPacked;
  error?: string;
}

export class Labs {
  labs: api.ILab[] | null = null;
  error: string | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What goes on in the lab at `path`. */
  doing(path: string): IDoing {
    return this._doing.get(path) ?? {};
  }

  async refresh(): Promise<void> {
    try {
      this.labs = await api.labs();
      this.error = null;
    } catch (error) {
      this.error = message(error);
    }
    this._changed.emit();
  }

  async check(path: string, exercise: string | null): Promise<void> {
    const stopper = new AbortController();
    const begun: IDoing = { busy: 'check', exercise, stop: () => stopper.abort() };
    const tell = (done: number, total: number) =>
      this._say(path, { ...begun, done, total });
    await this._do(path, begun, async () => {
      try {
        return { found: await api.check(path, exercise, tell, stopper.signal) };
      } catch (error) {
        return { error: stopper.signal.aborted ? 'The check was stopped.' : message(error) };
      }
    });
  }

  async submit(path: string): Promise<void> {
    await this._do(path, { busy: 'submit' }, async () => ({
      packed: await api.submit(path)
    }));
  }

  /** Show `begun` while `work` runs, then what it returns, or why it failed; one at a time. */
  private async _do(
    path: string,
    begun: IDoing,
    work: () => Promise<IDoing>
  ): Promise<void> {
    if (this.doing(path).busy) {
      return;
    }
    this._say(path, begun);
    try {
      this._say(path, await work());
    } catch (error) {
      this._say(path, { error: message(error) });
    }
    await this.refresh();
  }

  private _say(path: string, doing: IDoing): void {
    this._doing.set(path, doing);
    this._changed.emit();
  }

  private _doing = new Map<string, IDoing>();
  private _changed = new Signal<this, void>(this);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
