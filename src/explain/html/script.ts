/** Of the page: the copy buttons, which show themselves. It has no character that HTML or XML would take for markup. */
export const pageScript = `for (const button of document.querySelectorAll('button')) {
  const block = button.nextElementSibling
  button.hidden = false
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(block.textContent)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(block)
      button.textContent = 'Selected'
    }
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  }
}`
