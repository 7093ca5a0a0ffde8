import type { Heading } from './headings.ts'
import { escape } from './html.ts'
import type { Page } from './pages.ts'
import { stylesheet } from './stylesheet.ts'

interface Parts {
  readonly title: string
  readonly sections: readonly Heading[]
  readonly body: string
  readonly current: Page
  readonly all: readonly { readonly page: Page; readonly title: string }[]
}

/** A page with the list of all pages, this one's sections below its name. */
export function layout({ title, sections, body, current, all }: Parts): string {
  const place = all.findIndex(({ page }) => page === current)
  const steps = [
    { step: all[place - 1], rel: 'prev', mark: '←' },
    { step: all[place + 1], rel: 'next', mark: '→' },
  ].flatMap(({ step, rel, mark }) => {
    if (step === undefined) return []
    const words = rel === 'prev' ? `${mark} ${escape(step.title)}` : `${escape(step.title)} ${mark}`
    return [`<a rel="${rel}" href="${step.page.target}">${words}</a>`]
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title === 'helm-netpol' ? title : `${title} · helm-netpol`)}</title>
<style>
${stylesheet}
</style>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<nav aria-label="Pages">
<details>
<summary>${escape(title)}</summary>
${pageList(all, current, [])}
</details>
<div class="side">
${pageList(all, current, sections)}
</div>
</nav>
<main id="content">
${body}<footer>${steps.join('')}</footer>
</main>
</body>
</html>
`
}

function pageList(all: Parts['all'], current: Page, sections: readonly Heading[]): string {
  const items = all.map(({ page, title }) => {
    if (page !== current) return `<li><a href="${page.target}">${escape(title)}</a></li>`
    const below = sections.length === 0 ? '' : `<ul>${sections.map(({ id, text }) => `<li><a href="#${id}">${escape(text)}</a></li>`).join('')}</ul>`
    return `<li><a href="${page.target}" aria-current="page">${escape(title)}</a>${below}</li>`
  })
  return `<ul>\n${items.join('\n')}\n</ul>`
}
