from __future__ import annotations

from tokenpak.processors.html import condense

PAGE = """<!doctype html><html><head><title>A page</title><style>p{color:red}</style></head>
<body><script>alert("<p>no</p>")</script><!-- gone -->
<h2>Head &amp; tail</h2><p class="long classes">Some   <b>bold</b> text with
<a href="https://example.com/x">a link</a> and <a href="#top">an anchor</a>.</p>
<ul><li>one</li><li>two</li></ul><pre>a  b
  c</pre><table><tr><td>x</td><td>y</td></tr></table><img src="a.png" alt="a chart"></body></html>
"""


def test_shows_what_a_reader_sees() -> None:
    assert condense(PAGE) == (
        "A page\n\n## Head & tail\n"
        "Some bold text with a link (https://example.com/x) and an anchor.\n"
        "- one\n- two\na  b\n  c\n | x | y\n[image: a chart]\n"
    )


def test_text_without_tags_stays() -> None:
    assert condense("a &amp; b   c") == "a &amp; b   c"
