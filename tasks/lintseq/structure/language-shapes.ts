/** The shapes of languages, in the node types and fields of their tree-sitter grammars. */
import { type Shape, shape, type ShapeText } from "./shape.ts"

const python = shape({
  containers: "module block",
  clauses: "elif_clause else_clause except_clause except_group_clause finally_clause case_clause",
  clauseGroups: { try_statement: "except_clause except_group_clause finally_clause" },
  names: "identifier",
  functions: "function_definition lambda list_comprehension set_comprehension dictionary_comprehension " +
    "generator_expression",
  classes: "class_definition",
  definitions: "function_definition.name class_definition.name assignment.left named_expression.name " +
    "for_statement.left for_in_clause.left as_pattern_target aliased_import.alias import_statement.name " +
    "import_from_statement.name parameters lambda_parameters default_parameter.name typed_parameter " +
    "typed_default_parameter.name case_pattern splat_pattern keyword_pattern type_parameter global_statement " +
    "nonlocal_statement",
  patterns: "pattern_list tuple_pattern list_pattern list_splat_pattern dictionary_splat_pattern dotted_name " +
    "parenthesized_expression tuple list",
  members: "attribute.attribute",
  labels: "keyword_argument.name import_from_statement.module_name",
  selfNames: "self cls",
  constructors: "__init__ __new__",
  constructions: "call.function"
})

const javascript: ShapeText = {
  containers: "program statement_block class_body switch_body switch_case switch_default",
  clauses: "else_clause catch_clause finally_clause",
  leading: "hash_bang_line decorator html_comment",
  clauseGroups: { try_statement: "catch_clause finally_clause" },
  names: "identifier shorthand_property_identifier shorthand_property_identifier_pattern property_identifier " +
    "private_property_identifier",
  functions: "function_declaration function_expression arrow_function method_definition generator_function " +
    "generator_function_declaration class_static_block",
  blocks: "statement_block for_statement for_in_statement catch_clause switch_body class_body",
  classes: "class_declaration class",
  definitions: "variable_declarator.name function_declaration.name generator_function_declaration.name " +
    "function_expression.name generator_function.name class_declaration.name class.name import_specifier.alias " +
    "import_specifier.name import_clause namespace_import formal_parameters arrow_function.parameter " +
    "catch_clause.parameter for_in_statement.left method_definition.name field_definition.property",
  patterns: "object_pattern array_pattern pair_pattern assignment_pattern rest_pattern object_assignment_pattern",
  members: "member_expression.property method_definition.name field_definition.property",
  labels: "pair.key pair_pattern.key",
  selfNames: "this",
  constructors: "constructor",
  constructions: "new_expression.constructor"
}

const typescript: ShapeText = {
  ...javascript,
  containers: `${javascript.containers} interface_body enum_body object_type`,
  names: `${javascript.names} type_identifier`,
  functions: `${javascript.functions} function_signature method_signature type_alias_declaration`,
  classes: `${javascript.classes} abstract_class_declaration interface_declaration enum_declaration`,
  definitions: `${javascript.definitions} required_parameter.pattern optional_parameter.pattern ` +
    "interface_declaration.name type_alias_declaration.name enum_declaration.name abstract_class_declaration.name " +
    "type_parameter.name function_signature.name internal_module.name public_field_definition.name " +
    "method_signature.name property_signature.name enum_body.name enum_assignment.name " +
    "abstract_method_signature.name mapped_type_clause.name infer_type",
  members: `${javascript.members} public_field_definition.name method_signature.name property_signature.name ` +
    "abstract_method_signature.name enum_body.name enum_assignment.name nested_type_identifier.name",
  labels: `${javascript.labels} labeled_tuple_type_member.name`,
  declaresFields: true,
  isChecked: true,
  supers: "extends_clause.value extends_clause implements_clause extends_type_clause",
  results: "function_declaration.return_type method_definition.return_type"
}

const go = shape({
  inOrder: true,
  containers: "source_file statement_list import_spec_list const_declaration var_declaration var_spec_list " +
    "type_declaration field_declaration_list interface_type",
  fixed: "package_clause",
  clauses: "expression_case default_case type_case communication_case",
  hasBareElse: true,
  clauseGroups: {
    expression_switch_statement: "expression_case default_case",
    type_switch_statement: "type_case default_case",
    select_statement: "communication_case default_case"
  },
  names: "identifier type_identifier package_identifier field_identifier interpreted_string_literal_content label_name",
  functions: "function_declaration method_declaration func_literal",
  blocks: "block if_statement for_statement expression_switch_statement type_switch_statement expression_case " +
    "default_case type_case communication_case select_statement",
  classes: "",
  definitions: "short_var_declaration.left var_spec.name const_spec.name function_declaration.name type_spec.name " +
    "type_alias.name parameter_declaration.name variadic_parameter_declaration.name range_clause.left " +
    "import_spec.name import_spec.path receive_statement.left type_switch_statement.alias " +
    "type_parameter_declaration.name method_declaration.name field_declaration.name method_elem.name " +
    "labeled_statement.label",
  patterns: "expression_list interpreted_string_literal",
  members: "selector_expression.field method_declaration.name field_declaration.name method_elem.name",
  labels: "keyed_element.key qualified_type.name package_clause",
  declaresFields: true,
  isChecked: true,
  selfNames: "",
  results: "function_declaration.result method_declaration.result func_literal.result",
  mustBeUsed: "import_spec short_var_declaration var_spec labeled_statement"
})

const rust = shape({
  inOrder: true,
  containers: "source_file block declaration_list match_block field_declaration_list enum_variant_list",
  clauses: "else_clause",
  leading: "attribute_item inner_attribute_item shebang",
  names: "identifier type_identifier field_identifier shorthand_field_identifier",
  functions: "function_item closure_expression macro_definition",
  blocks: "block if_expression for_expression match_arm while_expression mod_item",
  classes: "impl_item trait_item struct_item enum_item",
  definitions: "let_declaration.pattern function_item.name struct_item.name enum_item.name const_item.name " +
    "static_item.name trait_item.name type_item.name mod_item.name union_item.name macro_definition.name " +
    "parameter.pattern closure_parameters for_expression.pattern match_pattern let_condition.pattern " +
    "use_declaration.argument use_list use_as_clause.alias scoped_use_list.list type_parameter.name " +
    "field_declaration.name enum_variant.name function_signature_item.name const_parameter.name",
  patterns: "tuple_pattern tuple_struct_pattern struct_pattern field_pattern slice_pattern ref_pattern mut_pattern " +
    "reference_pattern captured_pattern or_pattern scoped_identifier",
  members: "field_expression.field field_declaration.name scoped_identifier.name scoped_type_identifier.name " +
    "enum_variant.name field_initializer.field",
  labels: "use_as_clause.path attribute",
  declaresFields: true,
  isChecked: true,
  wildcards: { use_declaration: /\*\s*\}?\s*;?$/ },
  supers: "impl_item.trait",
  exhaustive: { match_block: "match_arm" },
  catchAll: /^(?:_|[a-z]\w*)\s*=>/,
  variants: "enum_variant.name",
  selfNames: "self Self",
  results: "function_item.return_type"
})

const java = shape({
  inOrder: true,
  containers: "program block class_body interface_body enum_body_declarations constructor_body switch_block " +
    "switch_block_statement_group annotation_type_body",
  fixed: "package_declaration switch_label",
  clauses: "catch_clause finally_clause",
  hasBareElse: true,
  clauseGroups: { try_statement: "catch_clause finally_clause" },
  names: "identifier type_identifier",
  functions: "method_declaration constructor_declaration lambda_expression compact_constructor_declaration",
  blocks: "block for_statement enhanced_for_statement catch_clause try_with_resources_statement switch_block",
  classes: "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration",
  seesMembers: true,
  definitions: "variable_declarator.name method_declaration.name class_declaration.name interface_declaration.name " +
    "enum_declaration.name record_declaration.name formal_parameter.name catch_formal_parameter.name " +
    "enhanced_for_statement.name inferred_parameters lambda_expression.parameters resource.name enum_constant.name " +
    "import_declaration type_parameter annotation_type_declaration.name spread_parameter " +
    "constructor_declaration.name record_pattern_component type_pattern instanceof_expression.name",
  patterns: "scoped_identifier",
  members: "field_access.field method_invocation.name",
  labels: "scoped_identifier.scope element_value_pair.key package_declaration",
  declaresFields: true,
  isChecked: true,
  wildcards: { import_declaration: /\*\s*;$/ },
  supers: "class_declaration.superclass class_declaration.interfaces record_declaration.interfaces " +
    "enum_declaration.interfaces interface_declaration extends_interfaces",
  exhaustive: { switch_block: "switch_rule" },
  catchAll: /^default\b/,
  variants: "enum_constant.name",
  results: "method_declaration.type",
  constructions: "object_creation_expression.type"
})

const php = shape({
  containers: "program compound_statement declaration_list switch_block case_statement default_statement " +
    "enum_declaration_list",
  fixed: "php_tag text_interpolation text namespace_definition declare_statement",
  clauses: "else_clause else_if_clause catch_clause finally_clause",
  clauseGroups: { try_statement: "catch_clause finally_clause" },
  names: "variable_name name",
  functions: "function_definition method_declaration anonymous_function arrow_function " +
    "anonymous_function_creation_expression",
  classes: "class_declaration interface_declaration trait_declaration enum_declaration anonymous_class",
  definitions: "assignment_expression.left reference_assignment_expression.left simple_parameter.name " +
    "variadic_parameter.name property_promotion_parameter.name foreach_statement foreach_statement.value " +
    "pair catch_clause.name static_variable_declaration.name global_declaration function_definition.name " +
    "class_declaration.name interface_declaration.name trait_declaration.name enum_declaration.name " +
    "namespace_use_clause.alias namespace_use_clause property_element.name const_element method_declaration.name " +
    "enum_case.name anonymous_function_use_clause",
  patterns: "list_literal qualified_name by_ref array_element_initializer",
  members: "member_access_expression.name member_call_expression.name scoped_call_expression.name " +
    "class_constant_access_expression scoped_property_access_expression.name property_element.name const_element " +
    "method_declaration.name enum_case.name nullsafe_member_call_expression.name " +
    "nullsafe_member_access_expression.name",
  labels: "argument.name",
  declaresFields: true,
  addsFields: true,
  supers: "base_clause class_interface_clause",
  selfNames: "$this self static",
  constructors: "__construct",
  constructions: "object_creation_expression"
})

const ruby = shape({
  containers: "program body_statement then else ensure do block_body begin",
  fixed: "exceptions exception_variable",
  clauses: "elsif else when in_clause rescue ensure",
  clauseGroups: { case: "when", begin: "rescue ensure" },
  names: "identifier constant instance_variable class_variable global_variable",
  functions: "method singleton_method",
  blocks: "block do_block lambda",
  classes: "class module",
  definitions: "assignment.left operator_assignment.left method.name singleton_method.name class.name module.name " +
    "method_parameters optional_parameter.name splat_parameter.name keyword_parameter.name block_parameter.name " +
    "block_parameters hash_splat_parameter.name exception_variable for.pattern",
  patterns: "left_assignment_list destructured_left_assignment destructured_parameter splat_parameter " +
    "rest_assignment",
  members: "call.method",
  selfNames: "self",
  seesMembers: true
})

const cSharp = shape({
  inOrder: true,
  containers: "compilation_unit declaration_list block switch_body switch_section accessor_list " +
    "enum_member_declaration_list",
  fixed: "file_scoped_namespace_declaration constant_pattern default_switch_label case_switch_label " +
    "case_pattern_switch_label declaration_pattern relational_pattern",
  clauses: "catch_clause finally_clause",
  hasBareElse: true,
  leading: "preproc_region preproc_endregion",
  clauseGroups: { try_statement: "catch_clause finally_clause" },
  names: "identifier",
  functions: "method_declaration constructor_declaration lambda_expression local_function_statement " +
    "anonymous_method_expression accessor_declaration operator_declaration",
  blocks: "block for_statement foreach_statement catch_clause using_statement switch_section",
  classes: "class_declaration struct_declaration interface_declaration record_declaration enum_declaration",
  seesMembers: true,
  definitions: "variable_declarator.name method_declaration.name class_declaration.name struct_declaration.name " +
    "interface_declaration.name record_declaration.name enum_declaration.name parameter.name " +
    "foreach_statement.left catch_declaration.name property_declaration.name local_function_statement.name " +
    "enum_member_declaration.name type_parameter.name delegate_declaration.name declaration_expression.name " +
    "declaration_pattern.name event_declaration.name constructor_declaration.name",
  patterns: "",
  members: "member_access_expression.name enum_member_declaration.name",
  labels: "argument.name name_colon qualified_name.name qualified_name.qualifier using_directive",
  declaresFields: true,
  isChecked: true,
  wildcards: { using_directive: /^[^=]*$/ },
  supers: "base_list",
  results: "method_declaration.returns local_function_statement.type",
  selfNames: "this base",
  constructions: "object_creation_expression.type"
})

const c: ShapeText = {
  inOrder: true,
  containers: "translation_unit compound_statement preproc_if preproc_ifdef field_declaration_list case_statement " +
    "enumerator_list declaration_list",
  fixed: "preproc_else preproc_elif",
  clauses: "else_clause",
  names: "identifier type_identifier field_identifier statement_identifier",
  functions: "function_definition preproc_function_def",
  blocks: "compound_statement for_statement",
  classes: "",
  definitions: "init_declarator.declarator declaration.declarator function_declarator.declarator " +
    "parameter_declaration.declarator struct_specifier.name union_specifier.name enum_specifier.name " +
    "enumerator.name type_definition.declarator preproc_def.name preproc_function_def.name preproc_params " +
    "field_declaration.declarator labeled_statement.label",
  patterns: "pointer_declarator array_declarator reference_declarator parenthesized_declarator",
  members: "field_expression.field field_declaration.declarator field_designator",
  declaresFields: true,
  declaredFirst: true,
  isChecked: true,
  wildcards: { preproc_include: /^/ },
  selfNames: "this"
}

const cpp: ShapeText = {
  ...c,
  clauses: "else_clause catch_clause",
  clauseGroups: { try_statement: "catch_clause" },
  names: `${c.names} namespace_identifier`,
  functions: `${c.functions} lambda_expression`,
  blocks: `${c.blocks} for_range_loop catch_clause template_declaration requires_expression namespace_definition`,
  classes: "class_specifier struct_specifier",
  seesMembers: true,
  definitions: `${c.definitions} class_specifier.name for_range_loop.declarator type_parameter_declaration ` +
    "optional_parameter_declaration.declarator optional_type_parameter_declaration.name alias_declaration.name " +
    "namespace_definition.name nested_namespace_specifier concept_definition.name using_declaration",
  patterns: `${c.patterns} qualified_identifier`,
  members: `${c.members} field_initializer`,
  wildcards: { ...c.wildcards, using_declaration: /^using\s+namespace\b/ },
  supers: "base_class_clause",
  constructions: "declaration.type template_type.name call_expression.function new_expression.type " +
    "compound_literal_expression.type"
}

const shapes: ReadonlyMap<string, Shape> = new Map([
  ["python", python],
  ["javascript", shape(javascript)],
  ["typescript", shape(typescript)],
  ["tsx", shape(typescript)],
  ["go", go],
  ["rust", rust],
  ["java", java],
  ["php", php],
  ["ruby", ruby],
  ["c-sharp", cSharp],
  ["c", shape(c)],
  ["cpp", shape(cpp)]
])

/** Names of the languages whose programs can be taken apart. */
export const shapedLanguages: ReadonlyArray<string> = [...shapes.keys()]

/** Returns the shape of a language, or undefined when it has none. */
export const languageShapeOf = (language: string): Shape | undefined => shapes.get(language)
