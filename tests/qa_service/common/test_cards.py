"""The tag "cards": a plain table in, the same table with its roles and the heading of each cell out."""

from django.template import Context, Template

HEAD = "<thead><tr><th scope='col'>Case</th><th scope='col' class='number'>Score &amp; \"grade\"</th></tr></thead>"


def shown(table: str, **context: object) -> str:
    source = "{% load cards %}{% cards %}" + table + "{% endcards %}"
    return Template(source).render(Context(context))


def test_a_cell_carries_the_heading_of_its_column():
    page = shown(f"<table>{HEAD}<tbody><tr><th scope='row'>7</th><td class='number'>88</td></tr></tbody></table>")

    assert page == (
        '<table role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope=\'col\'>Case</th>'
        "<th role=\"columnheader\" scope='col' class='number'>Score &amp; \"grade\"</th></tr></thead>"
        '<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope=\'row\'>7</th>'
        '<td role="cell" data-label="Score &amp; &quot;grade&quot;" class=\'number\'><div>88</div></td></tr></tbody>'
        "</table>"
    )


def test_what_a_person_wrote_stays_escaped():
    page = shown("<table>" + HEAD + "<tbody><tr><td>1</td><td>{{ words }}</td></tr></tbody></table>", words="<td><b>x")

    assert "<div>&lt;td&gt;&lt;b&gt;x</div></td>" in page


def test_a_heading_for_the_ear_alone_is_not_repeated_beside_the_button():
    page = shown(
        "<table><thead><tr><th>Case</th><th><span class='visually-hidden'>Act</span></th></tr></thead>"
        "<tbody><tr><td>7</td><td><button>Hand over</button></td></tr></tbody></table>"
    )

    assert '<td role="cell"><button>Hand over</button></td>' in page


def test_a_cell_over_several_columns_has_no_one_heading_and_moves_the_count():
    page = shown(
        "<table><thead><tr><th>A</th><th>B</th><th>C</th></tr></thead>"
        '<tbody><tr><td colspan="2">both</td><td>last</td></tr></tbody></table>'
    )

    assert '<td role="cell" colspan="2">both</td><td role="cell" data-label="C"><div>last</div></td>' in page


def test_two_tables_do_not_lend_each_other_headings():
    table = "<table><thead><tr><th>{}</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"

    page = shown(table.format("One") + table.format("Two"))

    assert page.count('data-label="One"') == 1
    assert page.count('data-label="Two"') == 1


def test_a_row_named_by_a_bare_number_says_what_it_numbers():
    page = shown(
        "<table><thead><tr><th>Line</th><th>Reason</th></tr></thead>"
        "<tbody><tr><th scope='row' class='number'>61</th><td>no lawyer</td></tr></tbody></table>"
    )

    assert "<th role=\"rowheader\" data-label=\"Line\" scope='row' class='number'>61</th>" in page
