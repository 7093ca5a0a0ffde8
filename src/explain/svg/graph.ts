import { Graph, layout } from '@dagrejs/dagre'

export interface Size {
  readonly width: number
  readonly height: number
}

/** With the place of its upper left corner. */
export interface Box extends Size {
  readonly x: number
  readonly y: number
}

/** The layout library, with the types that its own lose under this compiler's module resolution. */
export class LeftToRight {
  private readonly graph: Dagre = new Graph()

  constructor(spaces: { readonly nodesep: number; readonly edgesep: number; readonly ranksep: number }) {
    this.graph.setGraph({ rankdir: 'LR', ...spaces })
  }

  node(id: string, { width, height }: Size): void {
    this.graph.setNode(id, { width, height })
  }

  edge(from: string, to: string, label?: Size): void {
    this.graph.setEdge(from, to, label === undefined ? {} : { ...label, labelpos: 'c' })
  }

  /** What was added first stands on top: the lanes are trees, so that this order has no crossings which a search could take away. */
  layout(): void {
    layout(this.graph, { disableOptimalOrderHeuristic: true })
  }

  nodeBox(id: string): Box {
    return toBox(this.graph.node(id))
  }

  labelBox(from: string, to: string): Box {
    return toBox(this.graph.edge(from, to))
  }
}

interface Dagre {
  setGraph(label: object): unknown
  setNode(id: string, label: object): unknown
  setEdge(from: string, to: string, label: object): unknown
  node(id: string): Centred
  edge(from: string, to: string): Centred
}

/** The library tells centres. */
type Centred = Box

function toBox({ x, y, width, height }: Centred): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}
