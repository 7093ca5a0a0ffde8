import { verdictNames } from '../cells.ts'
import { properties, sans } from '../svg/style.ts'

/** Of the page; the picture brings its own. */
export const pageStyle = [
  properties(':root'),
  '*{box-sizing:border-box}',
  `body{margin:0 auto;padding:24px;max-width:1360px;background:var(--canvas);color:var(--text);font:15px/1.5 ${sans}}`,
  'h1{font-size:24px;margin:0 0 4px}',
  'h2{font-size:18px;margin:40px 0 8px;padding-bottom:6px;border-bottom:1px solid var(--border);overflow-wrap:anywhere}',
  'h3{font-size:15px;margin:20px 0 6px}',
  'p,ul{margin:8px 0}',
  'ul{padding-left:22px}',
  '.muted{color:var(--muted)}',
  '.notice,.diagnostic{border-left:4px solid var(--accent);background:var(--surface);padding:8px 14px;margin:12px 0;overflow-wrap:anywhere}',
  '.notice{font-weight:600}',
  '.error{border-color:var(--cut)}',
  '.warning{border-color:var(--possibly)}',
  '.help{white-space:pre-wrap;margin:6px 0 0;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}',
  'figure{margin:24px 0 0;overflow-x:auto;border:1px solid var(--border);border-radius:10px}',
  'figure svg{display:block;margin:0 auto;max-width:100%;min-width:760px;height:auto}',
  '.wide{overflow-x:auto}',
  'table{border-collapse:collapse;width:100%;min-width:1100px;font-size:13.5px}',
  'th,td{text-align:left;vertical-align:top;padding:7px 10px;border-bottom:1px solid var(--border);overflow-wrap:anywhere}',
  'th{color:var(--muted);font-weight:600}',
  'col.verdict{width:8%}col.who{width:13%}col.peers{width:16%}col.ports{width:12%}col.rules{width:17%}col.found{width:18%}col.why{width:16%}',
  'table{table-layout:fixed}',
  'td span{display:block}',
  'td.verdict{font-weight:600;white-space:nowrap}',
  ...verdictNames.map(name => `td.${name}{color:var(--${name})}`),
  'pre.block{overflow-x:auto;background:var(--surface);border:1px solid var(--border);border-radius:8px;padding:14px;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}',
  ':focus-visible{outline:2px solid var(--accent);outline-offset:2px}',
  '@media print{body{max-width:none}figure,.wide,pre.block{overflow:visible}}',
].join('\n')
