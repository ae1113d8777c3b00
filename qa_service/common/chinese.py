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
    "門门農农藥药潑泼澆浇灑洒進进闖闯鎖锁綁绑槍枪錘锤頭头髮发搶抢軟软繩绳燙烫殘残橋桥視视隨随嬰婴單单學学車车險险夠够"
    "難难磚砖遺遗書书對对時时裡里裏里們们著着臉脸無无匯汇臟脏腦脑掙挣鄰邻爛烂擊击餓饿"
    "沒没從从並并錯错碼码認认識识誰谁過过換换機机電电話话來来談谈媽妈爺爷孫孙婦妇親亲屬属愛爱"
)
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def simplified(text: str) -> str:
    return text.translate(_SIMPLIFIED)
