"""Definitions by tree-sitter, for the languages whose grammar is installed (the extra `code`)."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tokenpak.symbols.symbol import Symbol

if TYPE_CHECKING:
    import tree_sitter

# Language -> the module of its grammar and the function that gives it.
_MODULES = {
    "bash": ("tree_sitter_bash", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "python": ("tree_sitter_python", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "sql": ("tree_sitter_sql", "language"),
    "swift": ("tree_sitter_swift", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
}

_JAVASCRIPT = """
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
"""
_TYPESCRIPT = (
    _JAVASCRIPT
    + """
(abstract_class_declaration name: (_) @class)
(interface_declaration name: (_) @interface)
(enum_declaration name: (_) @enum)
(type_alias_declaration name: (_) @type)
(internal_module name: (_) @module)
(method_signature name: (_) @method)
(abstract_method_signature name: (_) @method)
(function_signature name: (_) @function)
(public_field_definition name: (_) @method value: (arrow_function))
"""
)
_C = """
(function_definition declarator: (function_declarator declarator: (identifier) @function))
(function_definition declarator: (pointer_declarator
  declarator: (function_declarator declarator: (identifier) @function)))
(struct_specifier name: (type_identifier) @struct body: (_))
(union_specifier name: (type_identifier) @struct body: (_))
(enum_specifier name: (type_identifier) @enum body: (_))
(type_definition declarator: (type_identifier) @type)
(preproc_def name: (identifier) @macro)
(preproc_function_def name: (identifier) @macro)
"""
_QUERIES = {
    "bash": """
(function_definition name: (_) @function)
(program (declaration_command (variable_assignment name: (_) @variable)))
""",
    "c": _C,
    "cpp": _C
    + """
(class_specifier name: (type_identifier) @class body: (_))
(namespace_definition name: (_) @module)
(alias_declaration name: (_) @type)
(concept_definition name: (_) @type)
(function_declarator declarator: (qualified_identifier name: (identifier) @method))
(function_definition declarator: (function_declarator declarator: (field_identifier) @method))
(function_definition declarator: (reference_declarator
  (function_declarator declarator: (_) @method)))
(field_declaration declarator: (function_declarator declarator: (field_identifier) @method))
""",
    "csharp": """
(class_declaration name: (_) @class)
(record_declaration name: (_) @class)
(struct_declaration name: (_) @struct)
(interface_declaration name: (_) @interface)
(enum_declaration name: (_) @enum)
(delegate_declaration name: (_) @type)
(namespace_declaration name: (_) @module)
(file_scoped_namespace_declaration name: (_) @module)
(method_declaration name: (_) @method)
(constructor_declaration name: (_) @method)
(property_declaration name: (_) @variable)
(local_function_statement name: (_) @function)
""",
    "go": """
(function_declaration name: (_) @function)
(method_declaration name: (_) @method)
(type_spec name: (_) @struct type: (struct_type))
(type_spec name: (_) @interface type: (interface_type))
(type_spec name: (_) @type)
(type_alias name: (_) @type)
(source_file (const_declaration (const_spec name: (_) @constant)))
(source_file (var_declaration (var_spec name: (_) @variable)))
(source_file (var_declaration (var_spec_list (var_spec name: (_) @variable))))
""",
    "java": """
(class_declaration name: (_) @class)
(record_declaration name: (_) @class)
(interface_declaration name: (_) @interface)
(annotation_type_declaration name: (_) @interface)
(enum_declaration name: (_) @enum)
(method_declaration name: (_) @method)
(constructor_declaration name: (_) @method)
""",
    "javascript": _JAVASCRIPT,
    "kotlin": """
(class_declaration name: (_) @class)
(object_declaration name: (_) @class)
(function_declaration name: (_) @function)
(type_alias type: (_) @type)
(source_file (property_declaration (variable_declaration (identifier) @variable)))
""",
    "php": """
(class_declaration name: (_) @class)
(interface_declaration name: (_) @interface)
(trait_declaration name: (_) @trait)
(enum_declaration name: (_) @enum)
(function_definition name: (_) @function)
(method_declaration name: (_) @method)
(namespace_definition name: (_) @module)
(const_declaration (const_element (name) @constant))
""",
    "python": """
(class_definition name: (_) @class)
(function_definition name: (_) @function)
(class_definition body: (block (function_definition name: (_) @method)))
(class_definition body: (block (decorated_definition (function_definition name: (_) @method))))
(module (expression_statement (assignment left: (identifier) @variable)))
""",
    "ruby": """
(class name: (_) @class)
(module name: (_) @module)
(method name: (_) @method)
(singleton_method name: (_) @method)
(assignment left: (constant) @constant)
""",
    "rust": """
(function_item name: (_) @function)
(function_signature_item name: (_) @function)
(struct_item name: (_) @struct)
(union_item name: (_) @struct)
(enum_item name: (_) @enum)
(trait_item name: (_) @trait)
(type_item name: (_) @type)
(mod_item name: (_) @module)
(const_item name: (_) @constant)
(static_item name: (_) @constant)
(macro_definition name: (_) @macro)
""",
    "sql": """
(create_table (object_reference name: (_) @table))
(create_view (object_reference name: (_) @view))
(create_function (keyword_function) . (object_reference name: (_) @function))
(create_index column: (_) @index)
(create_type (object_reference name: (_) @type))
""",
    "swift": """
(class_declaration name: (_) @class)
(protocol_declaration name: (_) @interface)
(function_declaration name: (_) @function)
(protocol_function_declaration name: (_) @method)
(typealias_declaration name: (_) @type)
(source_file (property_declaration name: (pattern (simple_identifier) @variable)))
""",
    "tsx": _TYPESCRIPT,
    "typescript": _TYPESCRIPT,
}

# Where patterns miss definitions; elsewhere they find the same in a tenth of the time
# (docs/vault.md has the figures).
PREFERRED = frozenset(
    ("c", "cpp", "csharp", "java", "javascript", "kotlin", "swift", "tsx", "typescript")
)
LANGUAGES = frozenset(_MODULES)
# tree-sitter needs about 0.1 s a megabyte; what is larger was rarely written by hand.
_MAX_CHARS = 400_000
_PIECE_BYTES = 4096
# A step stands for a hundred operations; sources need up to 110 a kilobyte.
_STEPS_OF_A_KB = 250
_MIN_STEPS = 1000


def read(text: str, language: str) -> list[Symbol] | None:
    """The definitions in *text*; None if the grammar is missing or the text is too long."""
    tools = _tools(language) if len(text) <= _MAX_CHARS else None
    if tools is None:
        return None
    parser, cursor = tools
    tree = _parsed(parser, text.encode("utf-8", "replace"))
    if tree is None:
        return None
    found: dict[tuple[int, int], Symbol] = {}
    for kind, nodes in cursor.captures(tree.root_node).items():
        for node in nodes:
            name = (node.text or b"").decode("utf-8", "replace")
            place = (node.start_byte, node.end_byte)
            # The narrower pattern (a method, a struct) wins over the wider (a function, a type).
            if name and (
                place not in found or found[place].kind in ("function", "type", "variable")
            ):
                found[place] = Symbol(name, kind, node.start_point[0] + 1)
    return [found[place] for place in sorted(found)]


def _parsed(parser: tree_sitter.Parser, data: bytes) -> tree_sitter.Tree | None:
    """The tree of *data*; None if it takes more work than any source does.

    Work is counted in steps of the parser and pieces that it reads, not in seconds, so that the
    same text always gives the same.
    """
    left = _MIN_STEPS + len(data) // 1000 * _STEPS_OF_A_KB

    def read(offset: int, point: object) -> bytes:
        nonlocal left
        left -= 1
        return data[offset : offset + _PIECE_BYTES] if left > 0 else b""

    def stops(offset: int, has_error: bool) -> bool:
        nonlocal left
        left -= 1
        return left <= 0

    try:
        return parser.parse(read, progress_callback=stops)
    except ValueError:  # what it raises when it is stopped
        parser.reset()
        return None


@cache
def _tools(language: str) -> tuple[tree_sitter.Parser, tree_sitter.QueryCursor] | None:
    if language not in _MODULES:
        return None
    module, function = _MODULES[language]
    try:
        import tree_sitter as library

        grammar: Any = getattr(import_module(module), function)
    except ImportError:
        return None
    known = library.Language(grammar())
    return library.Parser(known), library.QueryCursor(library.Query(known, _QUERIES[language]))
