import { properties, sans } from '../../src/explain/svg/style.ts'

const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace'
const faint = 'color-mix(in srgb,var(--border) 40%,transparent)'

/** The colours are those of the pictures. */
export const stylesheet = [
  properties(':root'),
  '*{box-sizing:border-box}',
  'html{scroll-padding-top:16px}',
  `body{margin:0;display:grid;grid-template-columns:270px minmax(0,1fr);background:var(--canvas);color:var(--text);font:16px/1.6 ${sans};overflow-wrap:break-word}`,
  'a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}',
  'main a{text-decoration:underline;text-decoration-color:color-mix(in srgb,currentColor 40%,transparent);text-underline-offset:3px}',
  ':focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}',
  '.skip{position:absolute;left:-99em}.skip:focus{left:12px;top:8px;z-index:2;background:var(--canvas);padding:4px 10px}',
  // The list of pages
  `nav{background:var(--surface);border-right:1px solid ${faint}}`,
  '.side{position:sticky;top:0;max-height:100vh;overflow-y:auto;padding:28px 12px 28px 20px;font-size:14.5px}',
  'nav ul{list-style:none;margin:0;padding:0}nav li{margin:1px 0}',
  'nav a{display:block;padding:4px 10px;border-radius:6px;color:var(--text)}',
  'nav a:hover{background:color-mix(in srgb,var(--accent) 10%,transparent);text-decoration:none}',
  'nav a[aria-current]{color:var(--accent);font-weight:600;background:var(--head)}',
  `nav ul ul{margin:2px 0 8px 12px;padding-left:6px;border-left:1px solid ${faint};font-size:13.5px}nav ul ul a{color:var(--muted);padding:2px 8px}`,
  'details{display:none}',
  // The text
  'main{width:100%;max-width:900px;margin:0 auto;padding:32px 40px 64px}',
  'h1,h2,h3{line-height:1.3;text-wrap:balance}',
  'h1{font-size:32px;margin:0 0 16px}',
  `h2{font-size:23px;margin:48px 0 12px;padding-bottom:8px;border-bottom:1px solid ${faint}}`,
  'h3{font-size:18px;margin:32px 0 8px}',
  'main a.anchor{color:var(--muted);text-decoration:none;opacity:0;font-weight:400}:is(h2,h3):hover .anchor,.anchor:focus{opacity:1}',
  'p,ul,ol{margin:12px 0}ul,ol{padding-left:24px}li{margin:6px 0}li>p{margin:6px 0}',
  `code{font:.875em/1.5 ${mono};background:color-mix(in srgb,var(--border) 18%,transparent);padding:.15em .35em;border-radius:5px;-webkit-box-decoration-break:clone;box-decoration-break:clone}`,
  `pre{overflow-x:auto;margin:16px 0;padding:14px 16px;background:var(--surface);border:1px solid ${faint};border-radius:8px;overflow-wrap:normal;font-size:13.5px;line-height:1.55}`,
  'code.whole{white-space:nowrap}pre code{background:none;padding:0;font-size:inherit;line-height:inherit}',
  '.comment{color:var(--muted)}.added{color:var(--allowed)}.removed{color:var(--cut)}',
  '.table{overflow-x:auto;margin:16px 0}',
  'table{border-collapse:collapse;min-width:100%;font-size:14.5px}',
  `th,td{text-align:left;vertical-align:top;padding:8px 14px 8px 0;border-bottom:1px solid ${faint};min-width:7em}`,
  'th{color:var(--muted);font-weight:600}',
  `.picture{display:block;overflow-x:auto;margin:24px 0;border:1px solid ${faint};border-radius:10px}`,
  '.picture svg{display:block;margin:0 auto;max-width:100%;min-width:640px;height:auto}',
  `footer{display:flex;flex-wrap:wrap;gap:12px;margin-top:56px;padding-top:16px;border-top:1px solid ${faint}}footer a[rel=next]{margin-left:auto}`,
  'strong[id]{scroll-margin-top:16px}:target{background:color-mix(in srgb,var(--accent) 16%,transparent);border-radius:4px}',
  // A narrow screen
  '@media (max-width:820px){html{scroll-padding-top:64px}body{display:block;font-size:16px}nav{border:0;position:sticky;top:0;z-index:1}.side{display:none}',
  `details{display:block;max-height:100vh;overflow-y:auto;border-bottom:1px solid ${faint}}`,
  'summary{padding:12px 20px;font-weight:600;cursor:pointer}details ul{padding:0 10px 12px}details a{padding:8px 10px}',
  'main{padding:20px 20px 48px}h1{font-size:26px}h2{font-size:20px;margin-top:36px}pre{margin-inline:-8px;padding:12px}',
  'thead{display:none}table,tbody,tr,td{display:block;min-width:0}',
  `tr{padding:10px 0;border-bottom:1px solid ${faint}}td{border:0;padding:3px 0}td.name{font-weight:600}`,
  'td[data-title]{display:grid;grid-template-columns:9.6em minmax(0,1fr);gap:10px}td[data-title]::before{content:attr(data-title);color:var(--muted);overflow-wrap:anywhere}td:has(>span:empty){display:none}}',
  '@media print{nav,footer,.anchor{display:none}body{display:block}main{max-width:none;padding:0}pre,.table,.picture{overflow:visible;break-inside:avoid}}',
].join('\n')
