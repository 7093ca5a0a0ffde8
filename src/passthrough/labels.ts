import { isLabelKey, isLabelValue } from '../values/peers.ts'
import type { Part } from './part.ts'

/** A label selector's requirements, as apimachinery's ValidateLabelSelector checks them; the engine says what a key is. */
export function checkLabelSelector(selector: Part, isKey: (key: string) => boolean = isLabelKey): void {
  for (const { key } of selector.at('matchLabels').entries) {
    const label = selector.at('matchLabels', key)
    if (!isKey(key)) label.problem(`has ${JSON.stringify(key)} for a key, which is no label key`)
    checkValue(label)
  }
  for (const requirement of selector.at('matchExpressions').items) checkRequirement(requirement, isKey)
}

function checkRequirement(requirement: Part, isKey: (key: string) => boolean): void {
  const key = requirement.at('key')
  if (key.text !== undefined && !isKey(key.text)) key.problem(`is ${JSON.stringify(key.text)}, which is no label key`)
  const operator = requirement.at('operator')
  const values = requirement.at('values')
  values.items.forEach(checkValue)
  switch (operator.text) {
    case 'In':
    case 'NotIn':
      if (!values.filled) requirement.problem(`needs values for the operator ${operator.text}`)
      return
    case 'Exists':
    case 'DoesNotExist':
      if (values.filled) requirement.problem(`takes no values with the operator ${operator.text}`)
      return
    case undefined:
      return
    default:
      operator.problem(`is ${JSON.stringify(operator.text)}; it can be In, NotIn, Exists, DoesNotExist`)
  }
}

function checkValue(value: Part): void {
  // Longer than any label value: its form does not matter.
  if (value.text !== undefined && (value.text.length > 63 || !isLabelValue(value.text)))
    value.problem(`is ${JSON.stringify(value.text)}, which is no label value`)
}
