"""Traditional signs read as their simplified form. Not a dictionary: the signs of words that the service looks for."""

_PAIRS = (
    # what a text may not say
    "師师訴诉訟讼賠赔償偿補补離离決决檢检傷伤裝装託托辦办護护毆殴強强姦奸褻亵監监獄狱執执當当調调應应勝胜敗败"
    "開开撫抚養养費费贍赡資资討讨個个號号嚴严會会貴贵該该審审員员"
    # stop
    "訂订閱阅發发別别請请絕绝煩烦擾扰聯联繫系絡络訊讯覆复復复騷骚這这"
    # ratings
    "滿满極极還还湊凑較较評评顆颗選选擇择給给級级貳贰兩两點点謝谢"
    # danger, money, another person, a wish to talk
    "脅胁嚇吓殺杀尋寻樓楼報报蹤踪動动燒烧關关錢钱亂乱紅红禮礼飯饭處处煙烟賄贿賂赂轉转賬账帳账塊块萬万東东問问讓让"
    "沒没從从並并錯错碼码認认識识誰谁過过換换機机電电話话來来談谈媽妈爺爷孫孙婦妇親亲屬属愛爱"
)
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def simplified(text: str) -> str:
    return text.translate(_SIMPLIFIED)
