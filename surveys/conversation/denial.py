"""Whether a text only says that nobody was beaten or threatened: "他没有打我" (pure).

A plain denial alone is one: a known subject, one negation, the act, and nothing else in the clause. Everything further,
"他没有不打我", "今天没打我", "他没打我吗?", "如果他没打我", stays what it may be: somebody in danger. What could mean
that somebody fears for their life is never taken for denied.
"""

import re

_PEOPLE = (
    "我|他|她|们|对方|人家|家里?人|老公|老婆|丈夫|妻子|男人|男方|女方|前夫|前妻|公公|婆婆|儿子|女儿|父亲|母亲|爸|妈|"
    "律师|"
    "谁[都也]"
)
_STRESS = "真的?|确实|从来?|并|绝对|一直|都|也"
_NO = "(?:没有?|未曾?)(?:人|谁)?(?:[对跟向]我)?"
_ACT = (
    "(?:打过?骂?我(?:骂我)?|打过?人|打骂我?|打过?孩子|殴打过?我?|家暴过?我?|威胁过?我?|恐吓过?我?|动手(?:打过?我)?|"
    "动过手|"
    "被(?:他|她|人)?打过?|挨过?打|挨过?揍|[揍踢掐扇砍捅]过?我|强奸过?我|性侵过?我|猥亵过?我|虐待过?(?:我|孩子)|"
    "跟踪过?我|"
    "害怕过?)"
)
# No word begins as another does, so that no text is tried in more than a few ways.
_DENIED_CHINESE = re.compile(
    "(?:[0-9]分?)?(?:(?:自从)?(?:离婚|离了婚?|分开|搬走|搬出来)(?:以后|之后|后|了)[他她]?(?:就|也|都){0,2}没有?再(?:来)?"
    f"(?:打|骂|骚扰|威胁)过?我|(?:{_PEOPLE}|{_STRESS})*(?:(?:[也和]?{_NO}{_ACT})+|(?:现在|已经|终于|以后|再也|也){{0,2}}不(?:用|"
    f"再|会|必)?(?:太|那么|怎么)?害怕(?:[他她]|了){{0,2}}))的?[啊呀哦哈]*"
)
_DENIED_ENGLISH = re.compile(
    "(?:(?:no(?! one)|but|and|he|she|they|i|my|the|husband|wife|lawyer|father|mother|son|daughter|ex) )*"
    "(?:(?:did|does|do|has|have|was|am|is|are)(?: not|n'?t| no longer)|(?:i'?m|he's|she's|they're) (?:not|no longer)|"
    "no longer|not|never|nobody|no ?one)"
    "(?: ever| been)* (?:(?:beat|beaten|hit|hurt|raped?|abused?|choked?|slap|slapped) me|"
    "threaten(?:ed)?(?: me)?|afraid|scared|in danger)"
    "(?: of (?:him|her|them|anyone))?(?: (?:any ?more|any longer|now|at all|again)){0,2}"
)
_CLAUSES = re.compile(r"[,.;:!，。；：！、…]+|\s+(?=[^\x00-\x7f])")


def without_denials(said: str) -> str:
    """`said`, as `words.plain` gives it and no question, without the clauses that deny."""
    clauses = [clause.strip() for clause in _CLAUSES.split(said)]
    return ",".join(clause for clause in clauses if not _denies(clause))


def _denies(clause: str) -> bool:
    return _DENIED_CHINESE.fullmatch(clause) is not None or _DENIED_ENGLISH.fullmatch(clause) is not None
