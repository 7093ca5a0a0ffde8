import { verdictNames } from '../cells.ts'
import { properties, sans } from '../svg/style.ts'

const mono = 'font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace'
const faint = 'color-mix(in srgb,var(--border) 45%,transparent)'

/** Of the page; the picture brings its own. */
export const pageStyle = [
  properties(':root'),
  '*{box-sizing:border-box}',
  `body{margin:0 auto;padding:24px;max-width:1360px;background:var(--canvas);color:var(--text);font:15px/1.5 ${sans};overflow-wrap:anywhere}`,
  'h1{font-size:24px;margin:0 0 4px}',
  `h2{font-size:18px;margin:40px 0 8px;padding-bottom:6px;border-bottom:1px solid ${faint}}`,
  'h3{font-size:15px;margin:20px 0 6px}',
  'p,ul{margin:8px 0}',
  'ul{padding-left:22px}',
  '.muted{color:var(--muted)}',
  '.notice,.diagnostic{border-left:4px solid var(--accent);background:var(--surface);padding:8px 14px;margin:12px 0}',
  '.notice{font-weight:600}',
  '.error{border-color:var(--cut)}',
  '.warning{border-color:var(--possibly)}',
  `figure{margin:24px 0 0;overflow-x:auto;border:1px solid ${faint};border-radius:10px}`,
  'figure svg{display:block;margin:0 auto;max-width:100%;min-width:760px;height:auto}',
  'table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:13.5px}',
  `th,td{text-align:left;vertical-align:top;padding:7px 10px 7px 0;border-bottom:1px solid ${faint}}`,
  'th{color:var(--muted);font-weight:600}',
  'col.verdict{width:8%}col.who{width:12%}col.peers{width:16%}col.ports{width:12%}col.rules{width:17%}col.found{width:20%}col.why{width:15%}',
  'td span{display:block}',
  'td.verdict{font-weight:600}',
  ...verdictNames.map(name => `td.${name}{color:var(--${name})}`),
  '.block{position:relative}',
  `pre{overflow-x:auto;background:var(--surface);border:1px solid ${faint};border-radius:8px;padding:14px;overflow-wrap:normal;${mono}}`,
  '.diagnostic pre{background:var(--canvas)}',
  'button{position:absolute;top:8px;right:8px;padding:4px 12px;font:inherit;font-size:13px;color:var(--text);background:var(--canvas)}',
  'button{border:1px solid var(--border);border-radius:6px;cursor:pointer}',
  ':focus-visible{outline:2px solid var(--accent);outline-offset:2px}',
  // A row becomes a list where columns would be too narrow to read.
  '@media (max-width:900px){colgroup,thead{display:none}table,tbody,tr,td{display:block}',
  `tr{padding:8px 0;border-bottom:1px solid ${faint}}td{display:grid;grid-template-columns:7em 1fr;border:0;padding:2px 0}`,
  'td::before{content:attr(data-label);grid-row:1/99;color:var(--muted);font-weight:400}td span{grid-column:2}}',
  '@media print{body{max-width:none}button{display:none}figure,pre{overflow:visible}figure svg{min-width:0}tr,.block,.diagnostic{break-inside:avoid}}',
].join('\n')
