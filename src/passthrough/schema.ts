/** A structural schema of a CRD, as scripts/schemas.ts prunes it. */
export interface Schema {
  readonly type?: string
  readonly enum?: readonly (string | number)[]
  readonly pattern?: string
  readonly format?: string
  /** With a default, the API server takes null for an absent key. */
  readonly default?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  /** Just one of these keys (the CRD's `oneOf`). */
  readonly exactlyOne?: readonly string[]
  /** No item twice (`x-kubernetes-list-type: set`). */
  readonly set?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}

export type Direction = 'ingress' | 'egress'

/** The schemas of one engine's rules. */
export type Schemas = Readonly<Record<Direction, Schema>>
