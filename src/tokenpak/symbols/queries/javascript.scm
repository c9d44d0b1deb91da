(class_declaration name: (_) @class)
(function_declaration name: (_) @function)
(generator_function_declaration name: (_) @function)
(method_definition name: (_) @method)
(program (lexical_declaration (variable_declarator name: (identifier) @variable)))
(program (variable_declaration (variable_declarator name: (identifier) @variable)))
(program (export_statement
  (lexical_declaration (variable_declarator name: (identifier) @variable))))
(variable_declarator name: (identifier) @function
  value: [(arrow_function) (function_expression)])
(assignment_expression left: (member_expression property: (_) @function)
  right: [(arrow_function) (function_expression)])
