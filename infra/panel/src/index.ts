// The course in JupyterLab: a side panel, and a welcome page where nothing else is open.

import {
  ILabShell,
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';

import { courseIcon } from './icon';
import { Labs } from './model';
import { Panel } from './panel';
import { Welcome } from './welcome';

const WELCOME = 'systems-for-ai:welcome';
const REPORT = /\.html$/;

const plugin: JupyterFrontEndPlugin<void> = {
  id: '@systems-for-ai/panel:plugin',
  description: 'The labs of the course: check, submit, read.',
  autoStart: true,
  requires: [ILabShell],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher],
  activate
};

function activate(
  app: JupyterFrontEnd,
  shell: ILabShell,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null,
  launcher: ILauncher | null
): void {
  const labs = new Labs();
  const open = (path: string) => void app.commands.execute('docmanager:open', how(path));
  const panel = sidePanel(labs, open);
  shell.add(panel, 'left', { rank: 150 });
  restorer?.add(panel, panel.id);
  let page: MainAreaWidget<Welcome> | null = null;
  app.commands.addCommand(WELCOME, {
    label: 'Welcome to the course',
    caption: 'The course, its labs, and what to do first',
    icon: courseIcon,
    execute: () => {
      if (page === null || page.isDisposed) {
        page = welcome(labs, open, () => shell.activateById(panel.id));
        shell.add(page, 'main');
      }
      shell.activateById(page.id);
      void labs.refresh();
    }
  });
  palette?.addItem({ command: WELCOME, category: 'Course' });
  launcher?.add({ command: WELCOME, category: 'Other' });
  app.serviceManager.contents.fileChanged.connect((_, change) => {
    if (change.type === 'save') {
      void labs.refresh();
    }
  });
  void app.restored.then(() => greet(app, shell));
  void labs.refresh();
}

/** Open the welcome page, unless work of an earlier day was restored or asked for. */
async function greet(app: JupyterFrontEnd, shell: ILabShell): Promise<void> {
  await shell.restored;
  const others = [...shell.widgets('main')].filter(one => !one.id.startsWith('launcher'));
  if (others.length === 0) {
    await app.commands.execute(WELCOME);
  }
}

/** A handout is shown rendered, a report as a page. */
function how(path: string): { path: string; factory?: string } {
  if (path.endsWith('.md')) {
    return { path, factory: 'Markdown Preview' };
  }
  return REPORT.test(path) ? { path, factory: 'HTML Viewer' } : { path };
}

function sidePanel(labs: Labs, open: (path: string) => void): Panel {
  const panel = new Panel(labs, open);
  panel.id = 'systems-for-ai-panel';
  panel.title.icon = courseIcon;
  panel.title.caption = 'Labs of the course';
  return panel;
}

function welcome(
  labs: Labs,
  open: (path: string) => void,
  show: () => void
): MainAreaWidget<Welcome> {
  const page = new MainAreaWidget({ content: new Welcome(labs, open, show) });
  page.id = 'systems-for-ai-welcome';
  page.title.label = 'Welcome';
  page.title.icon = courseIcon;
  page.title.closable = true;
  return page;
}

export default plugin;
