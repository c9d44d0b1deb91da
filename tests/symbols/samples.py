"""Definitions of each kind in each language: a source, and what it defines with its lines."""

from __future__ import annotations

Defined = set[tuple[str, str, int]]

SAMPLES: dict[str, tuple[str, Defined]] = {
    "bash": (
        "#!/bin/sh\nfunction one { :; }\ntwo() {\n  :\n}\n",
        {
            ("one", "function", 2),
            ("two", "function", 3),
        },
    ),
    "c": (
        "#define LIMIT 3\n"
        "struct point {\n"
        "  int x;\n"
        "};\n"
        "enum hue { RED };\n"
        "static int *add(int a, int b)\n"
        "{\n"
        "  if (a) { return 0; }\n"
        "  return 0;\n"
        "}\n",
        {
            ("LIMIT", "macro", 1),
            ("point", "struct", 2),
            ("hue", "enum", 5),
            ("add", "function", 6),
        },
    ),
    "cpp": (
        "namespace store {\n"
        "class Box {\n"
        " public:\n"
        "  int size() const { return 1; }\n"
        "};\n"
        "int load(const char *url) {\n"
        "  return 0;\n"
        "}\n"
        "}\n",
        {
            ("store", "module", 1),
            ("Box", "class", 2),
            ("load", "function", 6),
        },
    ),
    "csharp": (
        "namespace Store;\n"
        "\n"
        "public class Box\n"
        "{\n"
        "    public int Open(string a)\n"
        "    {\n"
        "        return 1;\n"
        "    }\n"
        "}\n",
        {
            ("Store", "module", 1),
            ("Box", "class", 3),
            ("Open", "method", 5),
        },
    ),
    "go": (
        "package p\n"
        "\n"
        "type Store struct {\n"
        "}\n"
        "\n"
        "type Reader interface {\n"
        "}\n"
        "\n"
        "func Open(name string) *Store {\n"
        "\treturn nil\n"
        "}\n"
        "\n"
        "func (s *Store) Close() error {\n"
        "\treturn nil\n"
        "}\n",
        {
            ("Store", "struct", 3),
            ("Reader", "interface", 6),
            ("Open", "function", 9),
            ("Close", "method", 13),
        },
    ),
    "java": (
        "package p;\n"
        "\n"
        "public class Box {\n"
        "  private int size(String s) {\n"
        "    if (s == null) { return 0; }\n"
        "    return 1;\n"
        "  }\n"
        "}\n"
        "\n"
        "interface Shape {}\n"
        "\n"
        "enum Hue { RED }\n",
        {
            ("Box", "class", 3),
            ("size", "method", 4),
            ("Shape", "interface", 10),
            ("Hue", "enum", 12),
        },
    ),
    "javascript": (
        "export class Box {\n"
        "  open(a, b) {\n"
        "    if (a) { return b; }\n"
        "  }\n"
        "}\n"
        "\n"
        "async function load(url) {\n"
        "}\n",
        {
            ("Box", "class", 1),
            ("open", "method", 2),
            ("load", "function", 7),
        },
    ),
    "kotlin": (
        "class Box(val a: Int) {\n"
        "    fun open(): Int = a\n"
        "}\n"
        "\n"
        "interface Shape\n"
        "\n"
        "fun load(url: String) {\n"
        "}\n",
        {
            ("Box", "class", 1),
            ("open", "function", 2),
            ("load", "function", 7),
        },
    ),
    "php": (
        "<?php\n"
        "class Box {\n"
        "  public static function open($a) {\n"
        "  }\n"
        "}\n"
        "interface Shape {}\n"
        "trait Round {}\n",
        {
            ("Box", "class", 2),
            ("open", "function", 3),
            ("Shape", "interface", 6),
            ("Round", "trait", 7),
        },
    ),
    "ruby": (
        "module Store\n"
        "  class Box\n"
        "    def self.open(a)\n"
        "    end\n"
        "    def empty?\n"
        "    end\n"
        "  end\n"
        "end\n",
        {
            ("Store", "module", 1),
            ("Box", "class", 2),
            ("open", "method", 3),
            ("empty?", "method", 5),
        },
    ),
    "rust": (
        "pub struct Box {}\n"
        "enum Hue { Red }\n"
        "pub(crate) trait Shape {}\n"
        "pub async fn load(url: &str) {}\n"
        "const MAX: u8 = 3;\n"
        "macro_rules! sum { () => {} }\n"
        "mod inner {}\n",
        {
            ("Box", "struct", 1),
            ("Hue", "enum", 2),
            ("Shape", "trait", 3),
            ("load", "function", 4),
            ("MAX", "constant", 5),
            ("sum", "macro", 6),
            ("inner", "module", 7),
        },
    ),
    "sql": (
        "CREATE TABLE IF NOT EXISTS users (id int);\ncreate or replace view active as select 1;\n",
        {
            ("users", "table", 1),
            ("active", "view", 2),
        },
    ),
    "swift": (
        "class Box {\n"
        "    func open() -> Int { return 1 }\n"
        "}\n"
        "protocol Shape {}\n"
        "func load(url: String) {}\n",
        {
            ("Box", "class", 1),
            ("open", "function", 2),
            ("Shape", "interface", 4),
            ("load", "function", 5),
        },
    ),
    "typescript": (
        "export interface Shape { a: string }\n"
        "export class Box {\n"
        "  open(a: number): string {\n"
        "    return '';\n"
        "  }\n"
        "}\n"
        "enum Hue { Red }\n"
        "function load(url: string): void {\n"
        "}\n",
        {
            ("Shape", "interface", 1),
            ("Box", "class", 2),
            ("open", "method", 3),
            ("Hue", "enum", 7),
            ("load", "function", 8),
        },
    ),
}
