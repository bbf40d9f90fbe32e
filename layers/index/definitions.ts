/**
 * Which nodes of each grammar define a name, and which lead to such nodes. Nothing else of a file is visited for its
 * symbols, bodies of functions least of all.
 */

/** "type": has members. "module": only groups. "function" and "value": the rest. */
export type SymbolKind = "type" | "module" | "function" | "value"

export interface Definitions {
  readonly kinds: ReadonlyMap<string, SymbolKind>
  /** Types of nodes that define nothing, but whose children are visited. */
  readonly ways: ReadonlySet<string>
  /** Types of blocks that are visited only below a type or module, because functions have them as well. */
  readonly sharedBlocks: ReadonlySet<string>
}

type Kinds = Partial<Record<SymbolKind, string>>

const definitions = (kinds: Kinds, ways: string, sharedBlocks = ""): Definitions => {
  const byType = new Map<string, SymbolKind>()
  for (const kind of ["type", "module", "function", "value"] as const) {
    for (const type of (kinds[kind] ?? "").split(" ")) if (type !== "") byType.set(type, kind)
  }
  return { kinds: byType, ways: new Set(ways.split(" ")), sharedBlocks: new Set(sharedBlocks.split(" ")) }
}

const script = definitions(
  {
    type: "class_declaration abstract_class_declaration interface_declaration enum_declaration class",
    module: "internal_module module",
    function: "function_declaration generator_function_declaration method_definition method_signature " +
      "abstract_method_signature function_signature",
    value: "variable_declarator public_field_definition field_definition property_signature type_alias_declaration " +
      "assignment_expression enum_assignment"
  },
  "program export_statement expression_statement lexical_declaration variable_declaration class_body interface_body " +
    "object_type enum_body ambient_declaration function_expression arrow_function member_expression " +
    "ERROR",
  "statement_block"
)

const cFamily = definitions(
  {
    type: "class_specifier struct_specifier union_specifier enum_specifier",
    module: "namespace_definition",
    function: "function_definition preproc_function_def",
    value: "declaration field_declaration type_definition preproc_def enumerator alias_declaration concept_definition"
  },
  "translation_unit declaration_list field_declaration_list enumerator_list linkage_specification preproc_ifdef " +
    "preproc_if preproc_else preproc_elif template_declaration function_declarator pointer_declarator " +
    "reference_declarator init_declarator array_declarator parenthesized_declarator qualified_identifier ERROR"
)

const tables: Readonly<Record<string, Definitions>> = {
  python: definitions(
    { type: "class_definition", function: "function_definition", value: "assignment type_alias_statement" },
    "module decorated_definition expression_statement if_statement else_clause try_statement except_clause ERROR",
    "block"
  ),
  javascript: script,
  typescript: script,
  tsx: script,
  java: definitions(
    {
      type: "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration",
      function: "method_declaration constructor_declaration annotation_type_element_declaration",
      value: "field_declaration constant_declaration enum_constant"
    },
    "program class_body interface_body enum_body enum_body_declarations annotation_type_body variable_declarator ERROR"
  ),
  c: cFamily,
  cpp: cFamily,
  go: definitions(
    {
      type: "type_spec type_alias",
      function: "function_declaration method_declaration method_elem method_spec",
      value: "const_spec var_spec field_declaration"
    },
    "source_file type_declaration const_declaration var_declaration var_spec_list struct_type interface_type " +
      "field_declaration_list parameter_list parameter_declaration pointer_type generic_type ERROR"
  ),
  rust: definitions(
    {
      type: "struct_item enum_item union_item trait_item",
      module: "mod_item impl_item",
      function: "function_item function_signature_item macro_definition",
      value: "const_item static_item type_item associated_type field_declaration enum_variant"
    },
    "source_file declaration_list field_declaration_list enum_variant_list generic_type ERROR"
  ),
  php: definitions(
    {
      type: "class_declaration interface_declaration trait_declaration enum_declaration",
      function: "function_definition method_declaration",
      value: "property_declaration const_declaration enum_case"
    },
    "program declaration_list enum_declaration_list property_element const_element namespace_definition " +
      "expression_statement if_statement ERROR",
    "compound_statement"
  ),
  ruby: definitions(
    { type: "class module", function: "method singleton_method", value: "assignment" },
    "program ERROR",
    "body_statement"
  ),
  "c-sharp": definitions(
    {
      type: "class_declaration interface_declaration struct_declaration record_declaration enum_declaration " +
        "record_struct_declaration",
      module: "namespace_declaration file_scoped_namespace_declaration",
      function: "method_declaration constructor_declaration delegate_declaration operator_declaration",
      value: "property_declaration field_declaration event_field_declaration enum_member_declaration " +
        "indexer_declaration"
    },
    "compilation_unit declaration_list enum_member_declaration_list variable_declaration variable_declarator ERROR"
  ),
  bash: definitions({ function: "function_definition", value: "variable_assignment" }, "program")
}

/** Returns the table of a language, or undefined when it has no grammar. */
export const definitionsOf = (language: string): Definitions | undefined => tables[language]

/** Whether the children of a node are visited; it depends on its type and that of its parent. */
export const isEntered = ({ kinds, sharedBlocks, ways }: Definitions, type: string, parentType: string): boolean => {
  if (kinds.has(type) || ways.has(type)) return true
  if (!sharedBlocks.has(type)) return false
  const above = kinds.get(parentType)
  return above === "type" || above === "module" || ways.has(parentType) && !/function/.test(parentType)
}
