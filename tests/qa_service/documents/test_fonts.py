import logging
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import translation
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from qa_service.documents import fonts as fonts_module
from qa_service.documents.content import Circular, Paragraph, Signature
from qa_service.documents.errors import FontsNotReady, FontUnusable, MissingGlyph
from qa_service.documents.faces import load_fonts
from qa_service.documents.fonts import CORE_WEIGHTS, ROLES, FontFolders, candidates, fonts_ready, prepare_fonts
from qa_service.documents.official_faces import fetch_official
from qa_service.documents.outlines import convert
from qa_service.documents.pdf import circular
from tests.qa_service.documents.reading import text_of

RARE = "赟昇喆玥婳珺禛溆睢邸佘㛃𬭎䶮"


def paper(text: str) -> Circular:
    return Circular("某局文件", "某发〔2026〕1号", ("标题",), "某所", (Paragraph(text),), Signature("某局", None))


@pytest.fixture
def own(fonts, tmp_path) -> FontFolders:
    """Folders of one test's own, the prepared fonts already in them."""
    cache, site = tmp_path / "cache", tmp_path / "site"
    cache.mkdir()
    site.mkdir()
    for path in fonts.cache.glob("*.ttf"):
        (cache / path.name).symlink_to(path)
    return FontFolders(cache, site)


def postscript_font(path, characters: str) -> None:
    """A tiny font of squares with PostScript outlines, as most Chinese .otf files have."""
    names = {ord(character): f"u{ord(character):04X}" for character in characters}
    order = [".notdef", *names.values()]
    pen = T2CharStringPen(1000, None)
    for step in (
        pen.moveTo((0, 0)),
        pen.lineTo((800, 0)),
        pen.curveTo((800, 400), (800, 800), (400, 800)),
        pen.lineTo((0, 800)),
    ):
        assert step is None
    pen.closePath()
    square = pen.getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupCFF("Squares", {}, dict.fromkeys(order, square), {})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular", "psName": "Squares"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_nothing_is_drawn_before_the_fonts_are_prepared(tmp_path):
    folders = FontFolders(tmp_path)

    assert not fonts_ready(folders)
    with pytest.raises(FontsNotReady):
        circular(paper("正文"), folders=folders)


def test_prepared_fonts_are_not_prepared_again(own):
    assert prepare_fonts(own) is False


def test_an_absent_weight_is_cut_whole_once_and_said(own, caplog):
    own.core(700).unlink()
    caplog.set_level(logging.INFO, logger=fonts_module.__name__)

    made = prepare_fonts(own)

    assert made is True
    assert fonts_ready(own)
    assert [path.name for path in own.cache.glob("*.part")] == []
    assert "Preparing Noto Sans SC 700" in caplog.text


def test_a_cut_weight_holds_every_character_of_the_whole_at_its_own_weight(fonts):
    whole = TTFont(fonts_module.variable_font(), lazy=True)
    regular, bold = (TTFont(fonts.core(weight), lazy=True) for weight in CORE_WEIGHTS)

    assert set(regular.getBestCmap()) == set(bold.getBestCmap()) == set(whole.getBestCmap())
    assert [font["OS/2"].usWeightClass for font in (regular, bold)] == [400, 700]
    # ReportLab embeds a face by its name.
    assert [font["name"].getDebugName(6) for font in (regular, bold)] == ["NotoSansSC-400", "NotoSansSC-700"]
    assert "fvar" not in regular


def test_a_failed_cut_leaves_nothing_behind(own, monkeypatch):
    own.core(700).unlink()
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(subprocess.CalledProcessError):
        prepare_fonts(own)

    assert not fonts_ready(own)


def test_without_npm_and_apt_the_official_look_is_left_out_and_said(own, monkeypatch):
    own.official.mkdir()
    (own.official / "hei.ttf").symlink_to(own.core(700))
    monkeypatch.setenv("PATH", "")
    said: list[str] = []

    with translation.override("en"):
        missing = fetch_official(own, said.append)

    assert sorted(missing) == ["body", "figures", "kai", "mark", "song", "title"]
    assert [sentence for sentence in said if "not installed" in sentence] == [
        "Skipped: npm is not installed",
        "Skipped: apt-get is not installed",
    ]


def test_two_threads_draw_the_same_paper_as_one(fonts):
    alone = circular(paper(RARE), folders=fonts)

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _number: circular(paper(RARE), folders=fonts), range(12)))

    assert set(together) == {alone}


def test_a_sites_own_face_comes_first_for_its_role(own):
    shutil.copy(own.core(400), own.site / "body.ttf")

    chains = candidates(own)

    assert {role: chain[0].name for role, chain in chains.items() if chain[0].parent == own.site} == {
        "body": "body.ttf"
    }
    assert set(chains) == set(ROLES)


def test_a_face_with_postscript_outlines_is_refused_by_name(own):
    postscript_font(own.site / "body.ttf", "一")

    with pytest.raises(FontUnusable) as refusal:
        load_fonts(own)

    assert "body.ttf" in str(refusal.value.message)


def test_converted_outlines_draw_and_what_they_lack_falls_back_alone(own):
    postscript_font(own.cache / "squares.otf", "一二")
    convert(source=own.cache / "squares.otf", target=own.site / "body.ttf")
    book = load_fonts(own)

    drawn_by = [font.face.name.decode().split("-")[-1] for font in (book.pick("body", "一"), book.pick("body", "玥"))]

    assert drawn_by == ["body", "notosanssc400"]
    assert "一二玥" in text_of(circular(paper("一二玥"), folders=own))


def test_rare_names_are_printed_and_read_back(fonts):
    assert RARE in text_of(circular(paper(RARE), folders=fonts))


def test_a_character_no_face_holds_refuses_the_paper_and_is_named(fonts):
    with pytest.raises(MissingGlyph) as refusal:
        circular(paper("好ꙮ的𓀀ꙮ"), folders=fonts)

    assert refusal.value.characters == "ꙮ𓀀"
    assert "ꙮ (U+A66E)" in str(refusal.value.message)
    assert str(refusal.value) == "missing_glyph"


def test_importing_the_room_loads_nothing_slow():
    code = (
        "import sys; import qa_service.documents.pdf, qa_service.documents.xlsx, qa_service.documents.charts;"
        "import scoring.documents;"
        "slow = ('reportlab', 'xlsxwriter', 'fontTools', 'uharfbuzz', 'segno');"
        "print([name for name in slow if name in sys.modules])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
