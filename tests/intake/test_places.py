"""Places as citizens say them. Own cases; the measured texts are not among them."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.intake.divisions import Divisions
from bot.intake.hearing import Ear
from bot.intake.places import Place, read_places

TABLE = Path(__file__).resolve().parents[2] / "bot" / "knowledge" / "divisions.csv"
DIVISIONS = Divisions.load(TABLE)


def places(text: str) -> tuple[Place, ...]:
    return read_places(text, DIVISIONS)


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("湖南省湘西土家族苗族自治州吉首市", "433101", "湖南省/湘西土家族苗族自治州/吉首市"),
        ("湘西花垣", "433124", "湖南省/湘西土家族苗族自治州/花垣县"),
        ("湘西州凤凰县", "433123", "湖南省/湘西土家族苗族自治州/凤凰县"),
        ("晋城高平", "140581", "山西省/晋城市/高平市"),
        ("晋城市城区", "140502", "山西省/晋城市/城区"),
        ("广西南宁青秀区", "450103", "广西壮族自治区/南宁市/青秀区"),
        ("广西省桂林市阳朔县", "450321", "广西壮族自治区/桂林市/阳朔县"),
        ("新疆阿拉尔", "659002", "新疆维吾尔自治区/阿拉尔市"),
        ("图木舒克", "659003", "新疆维吾尔自治区/图木舒克市"),
        ("杭州拱墅", "330105", "浙江省/杭州市/拱墅区"),
        ("杭州市西湖区", "330106", "浙江省/杭州市/西湖区"),
        ("南昌青云谱", "360104", "江西省/南昌市/青云谱区"),
        ("鄂尔多斯康巴什", "150603", "内蒙古自治区/鄂尔多斯市/康巴什区"),
        ("内蒙准格尔旗", "150622", "内蒙古自治区/鄂尔多斯市/准格尔旗"),
        ("宝鸡金台", "610303", "陕西省/宝鸡市/金台区"),
        ("镇江京口", "321102", "江苏省/镇江市/京口区"),
        ("海东化隆", "630224", "青海省/海东市/化隆回族自治县"),
        ("青海化隆县", "630224", "青海省/海东市/化隆回族自治县"),
        ("汕头潮阳", "440513", "广东省/汕头市/潮阳区"),
        ("北京延庆", "110119", "北京市/延庆区"),
        ("大武口", "640202", "宁夏回族自治区/石嘴山市/大武口区"),
        ("石嘴山惠农", "640205", "宁夏回族自治区/石嘴山市/惠农区"),
        ("遂宁船山", "510903", "四川省/遂宁市/船山区"),
        ("射洪县", "510981", "四川省/遂宁市/射洪市"),
        ("湖州德清", "330521", "浙江省/湖州市/德清县"),
        ("湖州吴兴区织里镇", "330502", "浙江省/湖州市/吴兴区/织里镇"),
        ("南通如皋", "320682", "江苏省/南通市/如皋市"),
        ("石家庄裕华区", "130108", "河北省/石家庄市/裕华区"),
        ("石家庄桥西", "130104", "河北省/石家庄市/桥西区"),
        ("酒泉瓜州", "620922", "甘肃省/酒泉市/瓜州县"),
        ("酒泉敦煌", "620982", "甘肃省/酒泉市/敦煌市"),
        ("上海普陀", "310107", "上海市/普陀区"),
        ("舟山普陀", "330903", "浙江省/舟山市/普陀区"),
        ("天津和平", "120101", "天津市/和平区"),
        ("沈阳和平区", "210102", "辽宁省/沈阳市/和平区"),
        ("深圳南山", "440305", "广东省/深圳市/南山区"),
        ("广州白云", "440111", "广东省/广州市/白云区"),
        ("西安长安区", "610116", "陕西省/西安市/长安区"),
        ("怀化通道县", "431230", "湖南省/怀化市/通道侗族自治县"),
        ("湖北公安县", "421022", "湖北省/荆州市/公安县"),
        ("海南东方市", "469007", "海南省/东方市"),
        ("青海海南贵德", "632523", "青海省/海南藏族自治州/贵德县"),
        ("乌海海南区", "150303", "内蒙古自治区/乌海市/海南区"),
        ("黄山屯溪", "341002", "安徽省/黄山市/屯溪区"),
        ("朝阳北票", "211381", "辽宁省/朝阳市/北票市"),
        ("承德市承德县", "130821", "河北省/承德市/承德县"),
        ("长沙县", "430121", "湖南省/长沙市/长沙县"),
        ("吉林市船营区", "220204", "吉林省/吉林市/船营区"),
        ("恩施州恩施市", "422801", "湖北省/恩施土家族苗族自治州/恩施市"),
        ("凉山州会东县", "513426", "四川省/凉山彝族自治州/会东县"),
        ("河南济源", "419001", "河南省/济源市"),
        ("湖北仙桃", "429004", "湖北省/仙桃市"),
        ("张家港", "320582", "江苏省/苏州市/张家港市"),
        ("我在昆山打工", "320583", "江苏省/苏州市/昆山市"),
        ("我是义乌的", "330782", "浙江省/金华市/义乌市"),
    ],
)
def test_a_place_is_read_without_its_endings(text: str, code: str, path: str) -> None:
    assert [(place.code, place.path) for place in places(text)] == [(code, path)]


@pytest.mark.parametrize(
    ("text", "code", "last"),
    [
        ("祁阳县", "431181", "祁阳市"),
        ("无为县", "340281", "无为市"),
        ("莱芜市莱城区", "370116", "莱芜区"),
        ("海安县", "320685", "海安市"),
        ("杭州市下城区", "330105", "拱墅区"),
        ("宝鸡凤翔县", "610305", "凤翔区"),
        ("襄樊市樊城区", "420606", "樊城区"),
        ("邢台市桥西区", "130503", "信都区"),
        ("上海闸北区", "310106", "静安区"),
        ("上海市卢湾区", "310101", "黄浦区"),
        ("北京宣武区", "110102", "西城区"),
        ("南京市白下区", "320104", "秦淮区"),
        ("苏州市平江区", "320508", "姑苏区"),
        ("郫县", "510117", "郫都区"),
        ("横县", "450181", "横州市"),
        ("户县", "610118", "鄠邑区"),
        ("绍兴县", "330603", "柯桥区"),
        ("三门峡陕县", "411203", "陕州区"),
        ("赣州市赣县", "360704", "赣县区"),
        ("福建沙县", "350405", "沙县区"),
        ("错那县", "540581", "错那市"),
        ("库车县", "652902", "库车市"),
    ],
)
def test_an_old_name_leads_to_its_successor(text: str, code: str, last: str) -> None:
    (place,) = places(text)
    assert (place.code, place.names[-1]) == (code, last)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("普陀", {"310107", "330903"}),
        ("我住普陀区", {"310107", "330903"}),
        ("城关区", {"540102", "620102"}),
        ("新华区", {"130105", "130902", "410402"}),
        ("桥西区", {"130104", "130703"}),
        ("和平区", {"120101", "210102"}),
        ("铁西区的工地", {"210106", "210303"}),
        ("我家在宝山区", {"310113", "230506"}),
        ("朝阳区望京街道", {"110105", "220104"}),
        ("公司在长安区", {"130102", "610116"}),
        ("市中区", {"370103", "370402", "511002", "511102"}),
        ("河东区", {"120102", "371312"}),
        ("青山区", {"150204", "420107"}),
        ("江北区", {"330205", "500157"}),
        ("桥东区", {"130702", "130502"}),
    ],
)
def test_a_name_of_several_places_is_never_settled_silently(text: str, some: set[str]) -> None:
    (place,) = places(text)
    assert place.code is None
    assert some <= set(place.candidates)


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("我在北京打工，工地在朝阳区", "朝阳区", "110105"),
        ("朝阳区那个工地，长春的", "朝阳区", "220104"),
        ("鼓楼区的房子，我人在南京", "鼓楼区", "320106"),
        ("我住海淀区，单位在朝阳区", "朝阳区", "110105"),
        ("在晋城，家住城区", "城区", "140502"),
        ("我是上海人，家在普陀区", "普陀区", "310107"),
        ("兰州这边，城关区", "城关区", "620102"),
    ],
)
def test_another_place_in_the_text_settles_it(text: str, said: str, code: str) -> None:
    (place,) = [place for place in places(text) if place.text == said]
    assert place.code == code


def test_two_cities_with_the_same_district_leave_it_open() -> None:
    (place,) = [place for place in places("我从长春来北京，在朝阳区干活") if place.text == "朝阳区"]
    assert place.code is None
    assert set(place.candidates) == {"110105", "220104"}


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("浙江", "330000", "province"),
        ("我在湖州", "330500", "city"),
        ("北京", "110000", "province"),
        ("内蒙古", "150000", "province"),
        ("恩施", "422800", "city"),
        ("长沙", "430100", "city"),
        ("吉林市", "220200", "city"),
        ("海南", "460000", "province"),
        ("东莞", "441900", "city"),
        ("嘉峪关", "620200", "city"),
    ],
)
def test_a_city_or_province_alone_keeps_its_own_code(text: str, code: str, level: str) -> None:
    (place,) = places(text)
    assert (place.code, place.level) == (code, level)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("东莞市长安镇", ("广东省", "东莞市", "长安镇")),
        ("中山小榄镇", ("广东省", "中山市", "小榄镇")),
        ("中山古镇镇", ("广东省", "中山市", "古镇镇")),
        ("儋州那大镇", ("海南省", "儋州市", "那大镇")),
        ("南浔区南浔镇", ("浙江省", "湖州市", "南浔区", "南浔镇")),
        ("西乡塘区西乡塘街道", ("广西壮族自治区", "南宁市", "西乡塘区", "西乡塘街道")),
        ("新都区新都街道", ("四川省", "成都市", "新都区", "新都街道")),
        ("环翠区环翠楼街道塔山社区", ("山东省", "威海市", "环翠区", "环翠楼街道", "塔山社区")),
        ("海淀区中关村街道", ("北京市", "海淀区", "中关村街道")),
        ("双林镇样例村", ()),
        ("南浔区双林镇样例村5组", ("浙江省", "湖州市", "南浔区", "双林镇", "样例村")),
        ("南京鼓楼区样例社区3号楼2单元", ("江苏省", "南京市", "鼓楼区", "样例社区")),
        ("安居区样例村", ("四川省", "遂宁市", "安居区", "样例村")),
        ("阿拉尔市十团三连", ("新疆维吾尔自治区", "阿拉尔市", "十团", "三连")),
        ("海安市 城东镇", ("江苏省", "南通市", "海安市", "城东镇")),
        ("浙江省/湖州市/南浔区/双林镇", ("浙江省", "湖州市", "南浔区", "双林镇")),
        ("准格尔旗布尔陶亥苏木", ("内蒙古自治区", "鄂尔多斯市", "准格尔旗", "布尔陶亥苏木")),
    ],
)
def test_township_and_village_are_read_after_the_county(text: str, names: tuple[str, ...]) -> None:
    assert tuple(name for place in places(text) for name in place.names) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("安居区土地流转村里不管", ("四川省", "遂宁市", "安居区")),
        ("南浔区农村的地", ("浙江省", "湖州市", "南浔区")),
        ("我在南浔区一个村", ("浙江省", "湖州市", "南浔区")),
        ("海安市乡下", ("江苏省", "南通市", "海安市")),
        ("海安市，我老板在镇上", ("江苏省", "南通市", "海安市")),
        ("南浔区村民", ("浙江省", "湖州市", "南浔区")),
        ("拱墅区某小区", ("浙江省", "杭州市", "拱墅区")),
        ("拱墅区物业公司不管社区", ("浙江省", "杭州市", "拱墅区")),
    ],
)
def test_a_sentence_is_not_a_township(text: str, names: tuple[str, ...]) -> None:
    (place,) = places(text)
    assert place.names == names


@pytest.mark.parametrize(
    "text",
    [
        "中国建设银行北京路支行",
        "上海路",
        "南京西路",
        "住在中山北路",
        "重庆小面",
        "重庆火锅店",
        "海南航空",
        "兰州拉面",
        "沙县小吃",
        "北京现代汽车",
        "大理石地砖",
        "和田玉手镯",
        "哈密瓜",
        "普洱茶",
        "周六安排",
        "推广安全知识",
        "最新余额",
        "确保定期还款",
        "采光日照不足",
        "保定金退不退",
        "开封后发现",
        "祝您安康",
        "长治久安",
        "大同小异",
        "孩子由长子赡养",
        "我和县里反映过",
        "达成县级协议",
        "我去公安局报案",
        "和平解决",
        "性格平和",
        "走绿色通道",
        "中方代表",
        "东方红",
        "白云山",
        "一片向阳的地",
        "友好协商",
        "无为而治",
        "住在城区",
        "郊区的房子",
        "搬到新城区",
        "阳光小区东区",
        "南开大学附属医院",
        "通风、日照、采光",
        "永丰镇的诊所",
        "农村商业银行",
        "平安保险",
        "兴业银行",
        "朝阳",
        "太和",
        "A市B区",
        "某市某区某镇",
        "**市**区",
        "XX县",
        "镇上",
        "村里",
        "我叫吴忠",
        "阿里巴巴",
        "北京同仁堂有限公司欠我钱",
        "深圳市样例科技有限公司不退钱",
        "",
        "区",
        "省钱",
    ],
)
def test_a_word_that_only_looks_like_a_place_gives_nothing(text: str) -> None:
    assert places(text) == ()


def test_a_company_in_a_named_county_keeps_the_county() -> None:
    (place,) = places("我在湖州市南浔区样例纺织有限公司上班")
    assert place.code == "330503"


def test_every_division_is_read_under_its_full_name() -> None:
    wrong = []
    for code in DIVISIONS.codes():
        found = places("我在" + "".join(DIVISIONS.names(code)))
        if [place.code for place in found] != [code]:
            wrong.append((DIVISIONS.names(code), [place.path for place in found]))
    assert wrong == []


def test_a_district_that_shares_its_first_character_with_its_city_is_read() -> None:
    pairs = [
        (DIVISIONS[city].name, code)
        for city in DIVISIONS.codes()
        if DIVISIONS[city].name.endswith("市")
        for code in DIVISIONS.children(city)
        if DIVISIONS[code].name.startswith("市")
    ]
    assert pairs
    for city, code in pairs:  # 青岛市北区, 济南市中区
        for said in (f"在{city}{DIVISIONS[code].name[1:]}打工", f"在{city}{DIVISIONS[code].name}打工"):
            assert [place.code for place in places(said)] == [code], said
    assert [place.code for place in places("在济南市中心上班")] == ["370100"]


def test_a_township_makes_a_place_of_a_name_too_common_to_stand_alone() -> None:
    assert [place.code for place in places("人在天门岳口镇")] == ["429006"]
    assert places("从天门出来") == ()


def test_a_county_seat_is_read_where_a_word_says_that_she_is_there_and_not_in_another_word() -> None:
    for said, code in (
        ("我在常熟", "320581"),
        ("老家会理的", "513402"),
        ("人在仙桃打工", "429004"),
        ("浙江台州路桥", "331004"),
    ):
        assert [place.code for place in places(said)] == [code], said
    for said in ("我常熟悉的路", "他不会理我", "在库车间里", "摘了两筐仙桃", "度假在高密度的楼里"):
        assert places(said) == (), said


def test_a_banner_is_read_under_its_short_name_too() -> None:
    assert [place.code for place in places("老家科左后旗的")] == ["150522"]


@given(
    st.text(
        alphabet=st.sampled_from("我在北京上海朝阳区湖州市南浔县镇村街道社区和平的，。 路公司A*/省海南无为"),
        max_size=60,
    )
)
def test_reading_is_total_and_quotes_the_text(text: str) -> None:
    last = 0
    for place in places(text):
        start, end = place.span
        assert place.text == text[start:end] != ""
        assert start >= last
        last = end
        assert (place.code is None) == bool(place.candidates)
        assert all(code in DIVISIONS for code in (place.code, *place.candidates) if code)
        if place.code is not None:
            assert place.names[: len(DIVISIONS.names(place.code))] == DIVISIONS.names(place.code)


@given(st.text(max_size=80))
def test_any_text_at_all_is_read(text: str) -> None:
    assert all(place.text in text for place in places(text))


@given(st.sampled_from([c for c in DIVISIONS.codes() if DIVISIONS.level(c) == "county"]))
def test_a_path_names_the_area_it_came_from(code: str) -> None:
    area = DIVISIONS.area("/".join((*DIVISIONS.names(code), "样例镇", "样例村")))
    assert area is not None
    assert (area.code, area.town, area.village, area.rank) == (code, "样例镇", "样例村", 5)


@pytest.mark.parametrize(
    "unit",
    ["湖州市南浔区双林镇样例村，", "朝阳区", "在", "镇村街道社区", "北京市的", "湖州", "城区郊区和县里", "ab12 "],
)
def test_time_is_linear_in_the_text(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.process_time()
    places(text)
    assert time.process_time() - started < 2.0


def test_the_table_is_whole() -> None:
    assert len([c for c in DIVISIONS.codes() if DIVISIONS.level(c) == "province"]) == 34
    assert len([c for c in DIVISIONS.codes() if DIVISIONS.level(c) == "county"]) > 2_800
    assert DIVISIONS.names("110109") == ("北京市", "门头沟区")
    assert DIVISIONS.known_to_county("441900") and not DIVISIONS.known_to_county("330500")


@pytest.mark.parametrize(
    ("said", "county"),
    [("我在湖州南寻工地干的", "330503"), ("晋城高品", "140581"), ("南昌清云谱", "360104"), ("宝鸡市金太区", "610303")],
)
def test_a_district_written_as_it_sounds_is_found_beside_its_city(said: str, county: str) -> None:
    answer = Ear(DIVISIONS).answer(knowledge.taxonomy().facts["place"], said, date(2026, 11, 20))
    assert answer.value is not None and answer.value.value["code"] == county


@pytest.mark.parametrize("said", ["湖州的工地", "我在杭州打工", "湖州那边有德国货和清洁工", "宝鸡"])
def test_a_city_alone_is_not_heard_as_one_of_its_districts(said: str) -> None:
    answer = Ear(DIVISIONS).answer(knowledge.taxonomy().facts["place"], said, date(2026, 11, 20))
    assert answer.value is None and answer.partial
