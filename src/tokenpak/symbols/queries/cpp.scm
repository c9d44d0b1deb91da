; inherits: c
(class_specifier name: (type_identifier) @class body: (_))
(namespace_definition name: (_) @module)
(alias_declaration name: (_) @type)
(concept_definition name: (_) @type)
(function_declarator declarator: (qualified_identifier name: (identifier) @method))
(function_definition declarator: (function_declarator declarator: (field_identifier) @method))
(function_definition declarator: (reference_declarator
  (function_declarator declarator: (_) @method)))
(field_declaration declarator: (function_declarator declarator: (field_identifier) @method))
