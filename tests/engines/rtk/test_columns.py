from __future__ import annotations

from tests.engines.rtk.test_shapes import shaped


def test_a_column_of_one_value_is_told_once():
    rows = [f"pod-{i}   Running   <none>" for i in range(8)]
    out = shaped("table", "\n".join(["NAME    STATUS    GATES", *rows]))
    assert out.split("\n")[0] == "[in every row: STATUS Running; GATES <none>]"
    assert all(f"pod-{i}" in out for i in range(8))


def test_many_labels_are_cut_after_two():
    assert shaped("table", "x   a=1,b=2,c=3,d=4").endswith("a=1,b=2,…")


def test_long_cells_that_stand_in_the_row_above_are_marked():
    rows = [f"namespace-one   pod-{i}   {i}/9   node-number-{i // 4}" for i in range(8)]
    out = shaped("table", "\n".join(["NS   NAME   READY   NODE", *rows])).split("\n")
    assert out[0] == '[" = as in the row above]' and out[2].startswith("namespace-one  pod-0")
    assert out[3:5] == ['"  pod-1  1/9  "', '"  pod-2  2/9  "']


def test_first_words_of_the_row_above_are_a_blank():
    rows = [f"systemd 1 root fd{i} REG /lib/lib{i}.so" for i in range(4)]
    out = shaped("ditto", "\n".join(rows)).split("\n")
    assert (
        out[1] == rows[0] and out[2] == " fd1 REG /lib/lib1.so" and "begins with a blank" in out[0]
    )


def test_words_of_the_row_above_become_ditto_marks():
    text = "root 1 nobody waiting-for-x a\nroot 2 nobody waiting-for-x b"
    assert shaped("ditto", text).split("\n")[-1] == 'root 2 " " b'
