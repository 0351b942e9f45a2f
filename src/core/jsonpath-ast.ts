import type { Json } from './json.ts';

/** A parsed JSONPath. Every node takes one value and selects any number of values. */
export type PathNode =
  | { readonly kind: 'root' | 'this' | 'parent' | 'wildcard' }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly start: number | undefined; readonly end: number | undefined; readonly step: number }
  | { readonly kind: 'child' | 'descendants' | 'where' | 'wherenot' | 'union'; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'filter'; readonly test: PathTest }
  | { readonly kind: 'sorted'; readonly by: readonly SortKey[] }
  | { readonly kind: 'arithmetic'; readonly left: Operand; readonly operator: ArithmeticOperator; readonly right: Operand }
  | { readonly kind: 'len' | 'keys' | 'path' | 'str' }
  | { readonly kind: 'split'; readonly separator: string; readonly segment: number | '*'; readonly limit: number }
  | { readonly kind: 'sub'; readonly replace: (text: string) => string };

/** What a filter asks of each candidate. */
export type PathTest =
  | { readonly kind: 'exists' | 'missing'; readonly path: PathNode }
  | { readonly kind: 'compare'; readonly path: PathNode; readonly operator: CompareOperator; readonly value: Json }
  | { readonly kind: 'compare_path'; readonly path: PathNode; readonly operator: CompareOperator; readonly other: PathNode }
  | { readonly kind: 'search'; readonly path: PathNode; readonly pattern: RegExp }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly PathTest[] };

/** How two values are compared. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** How two values are combined. There is no division: `/` starts a sort key. */
export type ArithmeticOperator = '+' | '-' | '*';

/** One side of arithmetic: a path, or a literal. */
export type Operand = { readonly path: PathNode } | { readonly value: Json };

/** One key of `[/ascending, \descending]`. */
export interface SortKey {
  readonly path: PathNode;
  readonly descending: boolean;
}
