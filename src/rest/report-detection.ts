import type { Emit } from '../core/events.ts';
import { printJson } from '../core/print-json.ts';
import type { DetectedPaginator } from '../paginators/detect.ts';
import type { DetectedSelector } from './data-selector.ts';

/** What a first page was taken for. */
export interface Detection {
  readonly resource: string;
  readonly emit: Emit | undefined;
  readonly selector: DetectedSelector | undefined;
  readonly paginator: DetectedPaginator | undefined;
  readonly rowCount: number;
}

/** Makes a reporter of what is detected, for one resource: its later walks have nothing new to tell. */
export function createDetectionReport(): (detection: Detection) => void {
  let reported = false;
  return (detection) => {
    if (reported || !detection.emit) return;
    reported = true;
    reportSelector(detection, detection.emit);
    reportPaginator(detection, detection.emit);
  };
}

/** A wrong guess would lose rows: so what may be one is a warning. */
function reportSelector({ resource, selector }: Detection, emit: Emit): void {
  if (!selector) return;
  const rows = `${resource}: the rows are taken from \`${selector.selector}\``;
  const others = selector.others.map((path) => `\`${path}\``).join(', ');
  if (others === '') emit({ type: 'debug', message: `${rows}.` });
  else
    emit({ type: 'warning', code: 'selector_detected', resource, message: `${rows}, not from ${others}. Set data_selector to be sure.` });
}

function reportPaginator({ resource, paginator, rowCount }: Detection, emit: Emit): void {
  if (!paginator) return;
  const config = printJson(paginator.config);
  if (paginator.confidence === 'likely') {
    const message = `${resource}: the paginator is taken to be ${config}. Set it in the configuration to be sure.`;
    emit({ type: 'warning', code: 'paginator_detected', resource, message });
  } else if (paginator.confidence === 'fallback' && rowCount > 1) {
    const message = `${resource}: the first page names no next one, so it is the only one. Set the paginator, \`single_page\` if that is right.`;
    emit({ type: 'warning', code: 'paginator_not_detected', resource, message });
  } else emit({ type: 'debug', message: `${resource}: the paginator is ${config}.` });
}
