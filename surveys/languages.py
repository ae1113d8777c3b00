"""Languages a questionnaire may speak beside Chinese and English, each by its own name, as spoken in China."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` as a page states it; `code` as it is stored. Chinese is `zh-hans` where a person's wish is stored."""

    code: str
    name: str
    tag: str
    right_to_left: bool = False


CHINESE, ENGLISH = "zh-hans", "en"
NEEDED = (CHINESE, ENGLISH)

LANGUAGES = {
    language.code: language
    for language in (
        Language(CHINESE, "中文", "zh-CN"),
        Language(ENGLISH, "English", "en"),
        Language("zh-hant", "繁體中文", "zh-TW"),
        Language("bo", "བོད་ཡིག", "bo"),
        Language("ug", "ئۇيغۇرچە", "ug", right_to_left=True),
        Language("kk", "قازاقشا", "kk-Arab", right_to_left=True),
        Language("mn", "ᠮᠣᠩᠭᠣᠯ", "mn-Mong"),
        Language("za", "Vahcuengh", "za"),
        Language("ko", "조선말", "ko"),
        Language("ii", "ꆈꌠꉙ", "ii"),
        Language("ru", "Русский", "ru"),
    )
}
FURTHER = tuple(code for code in LANGUAGES if code not in NEEDED)
# In a questionnaire's file Chinese is plain "zh".
IN_A_FILE = {code: "zh" if code == CHINESE else code for code in LANGUAGES}
FROM_A_FILE = {name: code for code, name in IN_A_FILE.items()}
