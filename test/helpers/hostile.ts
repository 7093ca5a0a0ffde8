import fc from 'fast-check'

/** What a terminal obeys, what nobody sees and what turns a line around; listed apart from src/visible.ts so that a gap there is not repeated here. */
export const hidden =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Cs}/u

/** Texts that a terminal, a line of text, a comment or a page would take for more than they are. */
const attacks = [
  '\x1b[2J\x1b[H',
  '\x9b31m',
  '\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\',
  '\x1b]0;title\x07',
  'safe\b\b\b\bevil',
  'first\rsecond',
  'a\nhelm-netpol: 0 errors',
  'a\n  at nowhere:1:1',
  'a\r\nhelm-netpol: error NP100: nothing',
  'a\n---\nkind: Secret',
  '\n- kustomize: {}',
  'a\u2028b\u2029c\u0085d',
  '\u202egnp.exe\u202c',
  '\u2066a\u2069\u2067b',
  'pay\u200bpal\u200d\u2060',
  '\u{e0061}\u{e0062}',
  '\ufeff\ufffe',
  'a\u00adb\ufe0f',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</style><svg onload=alert(1)>',
  ']]><!--',
  "'; rm -rf / #",
  '$(reboot)`id`',
]

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...attacks),
  fc.array(fc.constantFrom(...attacks, 'a', 'b-c', ' ', '/', ':', '#'), { minLength: 1, maxLength: 3 }).map(parts => parts.join('')),
)
