/**
 * What a node is for, by its type, in the words of the grammars that we install. Bodies hold statements and lists hold
 * items; whatever stands in a body is a statement, no matter what its grammar calls it.
 */

const bodies = new Set([
  "block",
  "statement_block",
  "compound_statement",
  "statement_list",
  "body_statement",
  "block_body",
  "class_body",
  "interface_body",
  "annotation_type_body",
  "constructor_body",
  "enum_body",
  "enum_body_declarations",
  "enum_declaration_list",
  "enum_member_declaration_list",
  "enum_variant_list",
  "enumerator_list",
  "declaration_list",
  "field_declaration_list",
  "object_type",
  "switch_body",
  "switch_block",
  "match_block",
  "do_group",
  "suite"
])

const roots = new Set([
  "module",
  "program",
  "source_file",
  "translation_unit",
  "compilation_unit"
])

const lists = new Set([
  "arguments",
  "argument_list",
  "parameters",
  "formal_parameters",
  "parameter_list",
  "method_parameters",
  "type_parameters",
  "type_arguments",
  "array",
  "array_expression",
  "array_initializer",
  "array_creation_expression",
  "list",
  "tuple",
  "set",
  "dictionary",
  "object",
  "object_pattern",
  "hash",
  "literal_value",
  "initializer_list",
  "initializer_expression",
  "field_initializer_list",
  "tuple_expression",
  "named_imports",
  "import_spec_list",
  "use_list"
])

const argumentLists = new Set(["arguments", "argument_list"])

/** Named children of a body that are not statements: markup around PHP, tags, what could not be parsed. */
const notStatements = new Set([
  "text",
  "text_interpolation",
  "php_tag",
  "php_end_tag",
  "ERROR",
  "heredoc_body",
  "empty_statement",
  "hash_bang_line"
])

/**
 * Whether nodes of a type hold the statements of something.
 *
 * @example
 * isBody("statement_block") // true
 */
export const isBody = (type: string): boolean => bodies.has(type)

/** Whether nodes of a type are whole files. */
export const isRoot = (type: string): boolean => roots.has(type)

/** Whether nodes of a type hold items, such as arguments, parameters or the elements of an array. */
export const isList = (type: string): boolean => lists.has(type)

/** Whether nodes of a type hold the arguments of a call. */
export const isArgumentList = (type: string): boolean => argumentLists.has(type)

/** Whether nodes of a type are comments. */
export const isComment = (type: string): boolean => type.includes("comment")

/** Whether nodes of a type count as statements where they stand in a body. */
export const isStatementType = (type: string): boolean => !notStatements.has(type) && !isComment(type)

/** Whether leaves of a type name something, so that one may be swapped for another of the same type. */
export const isName = (type: string): boolean =>
  type === "identifier" || type.endsWith("_identifier") || type === "name" || type === "constant" ||
  type === "variable_name" || type === "instance_variable"

/** Whether leaves of a type are the text of a string, without its quotes. */
export const isStringText = (type: string): boolean =>
  type === "string_content" || type === "string_fragment" || type === "string_value" ||
  type === "string_literal_content" || type.endsWith("string_literal_content")

/** Whether leaves of a type are numbers as they are written in code. */
export const isNumber = (type: string): boolean =>
  type === "integer" || type === "float" || type === "number" || type === "number_literal" ||
  type === "int_literal" || type === "float_literal" || type === "integer_literal" || type === "real_literal" ||
  type === "decimal_integer_literal" || type === "decimal_floating_point_literal"
