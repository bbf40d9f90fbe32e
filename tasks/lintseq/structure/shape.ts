/**
 * What an edit can add to a program of one language, told in the words of its syntax grammar. The sets need not be
 * complete: what they miss moves with what it stands in, and a linter looks at every state anyhow.
 */

export interface Shape {
  /** Nodes whose children come and go one by one, such as the statements of a block. */
  readonly containers: ReadonlySet<string>
  /** Children of containers that are no parts of their own, such as the value of a case. */
  readonly fixed: ReadonlySet<string>
  /** Nodes that come and go by themselves although no container holds them, such as an else. */
  readonly clauses: ReadonlySet<string>
  /** Whether an "alternative" is a clause even where the grammar has no node for it. */
  readonly hasBareElse: boolean
  /** Nodes that stand before what they belong to, as comments do. */
  readonly leading: ReadonlySet<string>
  /** Nodes that need one of their clauses of these types, such as a try. */
  readonly clauseGroups: ReadonlyMap<string, ReadonlySet<string>>
  /** Leaves that may name something. */
  readonly names: ReadonlySet<string>
  /** Nodes that open a scope of names. */
  readonly scopes: ReadonlyMap<string, "function" | "block" | "class">
  /** Whether a name means what stands above it, never what is defined further down in its own function. */
  readonly inOrder: boolean
  /** Whether methods see the names of their class without saying whose they are. */
  readonly seesMembers: boolean
  /** "type.field", or "type" for a child without a field: a name there is defined. */
  readonly definitions: ReadonlySet<string>
  /** Nodes between a defined name and the place that says so, such as a tuple. */
  readonly patterns: ReadonlySet<string>
  /** "type.field": the name there is a member of something. */
  readonly members: ReadonlySet<string>
  /** "type.field": the name there labels something and refers to nothing in the file. */
  readonly labels: ReadonlySet<string>
  /** Whether a field that a class declares must be declared before something is put into it. */
  readonly declaresFields: boolean
  /** Whether putting something into a field of an object makes that field. */
  readonly addsFields: boolean
  /** Whether what a file defines must stand above what uses it. */
  readonly declaredFirst: boolean
  /** Whether types are checked before anything runs: every member of a name that is used may be meant. */
  readonly isChecked: boolean
  /** Statements that bring in names which they do not tell, by what their text is like. */
  readonly wildcards: ReadonlyMap<string, RegExp>
  /** "type.field", or "type", of a class or an implementation: the names there are what it keeps to. */
  readonly supers: ReadonlySet<string>
  /** Lists of cases of which one must fit each value, and their cases. */
  readonly exhaustive: ReadonlyMap<string, string>
  /** What a case that fits all is like. */
  readonly catchAll: RegExp
  /** "type.field" of the values of an enumeration. */
  readonly variants: ReadonlySet<string>
  /** What a method calls the object it belongs to. */
  readonly selfNames: ReadonlySet<string>
  /** Methods that a call of the class name needs. */
  readonly constructors: ReadonlySet<string>
  /** "type.field" of a class name that is called. */
  readonly constructions: ReadonlySet<string>
  /** "type.field" of functions that give what the field says: they end with the statement that gives it. */
  readonly results: ReadonlySet<string>
  /** Statements that a compiler refuses while nothing uses what they define, such as Go's imports. */
  readonly mustBeUsed: ReadonlySet<string>
}

/** A shape as it is written down: words with spaces between them. */
export interface ShapeText {
  readonly containers: string
  readonly fixed?: string
  readonly clauses: string
  readonly hasBareElse?: boolean
  readonly leading?: string
  readonly clauseGroups?: Readonly<Record<string, string>>
  readonly names: string
  readonly functions: string
  readonly blocks?: string
  readonly classes: string
  readonly inOrder?: boolean
  readonly seesMembers?: boolean
  readonly definitions: string
  readonly patterns?: string
  readonly members: string
  readonly labels?: string
  readonly declaresFields?: boolean
  readonly addsFields?: boolean
  readonly declaredFirst?: boolean
  readonly isChecked?: boolean
  readonly wildcards?: Readonly<Record<string, RegExp>>
  readonly supers?: string
  readonly exhaustive?: Readonly<Record<string, string>>
  readonly catchAll?: RegExp
  readonly variants?: string
  readonly selfNames?: string
  readonly constructors?: string
  readonly constructions?: string
  readonly results?: string
  readonly mustBeUsed?: string
}

const words = (text = ""): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""))

export const shape = (text: ShapeText): Shape => ({
  containers: words(text.containers),
  fixed: words(text.fixed),
  clauses: words(text.clauses),
  hasBareElse: text.hasBareElse ?? false,
  leading: words(`comment line_comment block_comment ${text.leading ?? ""}`),
  clauseGroups: new Map(Object.entries(text.clauseGroups ?? {}).map(([type, clauses]) => [type, words(clauses)])),
  names: words(text.names),
  scopes: new Map([
    ...[...words(text.functions)].map((type) => [type, "function"] as const),
    ...[...words(text.blocks)].map((type) => [type, "block"] as const),
    ...[...words(text.classes)].map((type) => [type, "class"] as const)
  ]),
  inOrder: text.inOrder ?? false,
  seesMembers: text.seesMembers ?? false,
  definitions: words(text.definitions),
  patterns: words(text.patterns),
  members: words(text.members),
  labels: words(text.labels),
  declaresFields: text.declaresFields ?? false,
  addsFields: text.addsFields ?? text.declaresFields !== true,
  declaredFirst: text.declaredFirst ?? false,
  isChecked: text.isChecked ?? false,
  wildcards: new Map(Object.entries(text.wildcards ?? {})),
  supers: words(text.supers),
  exhaustive: new Map(Object.entries(text.exhaustive ?? {})),
  catchAll: text.catchAll ?? /^$/,
  variants: words(text.variants),
  selfNames: words(text.selfNames ?? "this self"),
  constructors: words(text.constructors),
  constructions: words(text.constructions),
  results: words(text.results),
  mustBeUsed: words(text.mustBeUsed)
})
