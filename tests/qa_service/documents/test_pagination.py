from hypothesis import given
from hypothesis import strategies as st

from qa_service.documents.geometry import BLOCK_HEIGHT, ROW
from qa_service.documents.pagination import Box, pages


def nothing(pen, down):
    """Draws nothing."""


LINE = Box(draw=nothing)


def names(laid_out, labels):
    return [[labels[id(box)] for box, _down in page] for page in laid_out]


def test_a_page_holds_twenty_two_lines():
    assert [len(page) for page in pages([LINE] * 45)] == [22, 22, 1]


def test_lines_stand_on_the_rows_of_the_page_after_something_of_odd_height():
    (page,) = pages([Box(draw=nothing, height=40, need=40, on_grid=False), LINE])

    assert page[1][1] == 2 * ROW


def test_a_heading_goes_to_the_next_page_with_its_text():
    heading, text = Box(draw=nothing, keep_with_next=True), Box(draw=nothing)
    laid_out = pages([*[LINE] * 21, heading, text])

    assert [len(page) for page in laid_out] == [21, 2]


def test_a_header_is_drawn_again_on_every_page_a_table_reaches():
    header = Box(draw=nothing, height=30, need=30, on_grid=False, keep_with_next=True)
    row = Box(draw=nothing, height=60, need=60, on_grid=False, header=header)
    laid_out = pages([header, *[row] * 20])

    assert [page[0][0] is header for page in laid_out] == [True, True]
    assert sum(box is row for page in laid_out for box, _down in page) == 20


def test_the_imprint_stands_on_the_bottom_edge():
    imprint = Box(draw=nothing, need=80, height=80, on_grid=False, at_bottom=True)

    assert pages([LINE, imprint])[0][-1] == (imprint, BLOCK_HEIGHT - 80)


def test_the_imprint_moves_to_a_new_page_when_there_is_no_room():
    imprint = Box(draw=nothing, need=80, height=80, on_grid=False, at_bottom=True)

    assert [len(page) for page in pages([*[LINE] * 21, imprint])] == [21, 1]


boxes = st.builds(
    Box,
    draw=st.just(nothing),
    height=st.floats(1, 600),
    need=st.floats(1, 600),
    on_grid=st.booleans(),
    keep_with_next=st.booleans(),
    new_page=st.booleans(),
)


@given(st.lists(boxes, max_size=60))
def test_every_box_is_placed_once_in_order_and_inside_the_block(given_boxes):
    laid_out = pages(given_boxes)

    assert [box for page in laid_out for box, _down in page] == given_boxes
    assert all(down + box.need <= BLOCK_HEIGHT + 0.1 for page in laid_out[1:] for box, down in page if box.need < 600)
