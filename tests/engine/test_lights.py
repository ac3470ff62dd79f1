"""Which units have which light, and how it is said."""

from engine.completion import Light
from engine.lights import NAMED, Lit


def test_few_units_are_named_and_many_are_counted() -> None:
    lit = Lit(Light.RED, tuple(f"第{n}支部" for n in range(NAMED + 1)), ("办公室",))
    assert lit.said.zh == "红灯：6个支部（第0支部、第1支部、第2支部、第3支部、第4支部等），1个其他单位（办公室）"
    assert lit.said.en == "red: 6 branches (第0支部, 第1支部, 第2支部, 第3支部, 第4支部 …), 1 other unit (办公室)"


def test_where_no_unit_has_a_light_nothing_is_said() -> None:
    assert not Lit(Light.RED)
    assert (Lit(Light.RED).said.zh, Lit(Light.RED).said.en) == ("", "")
    assert Lit(Light.YELLOW, (), ("办公室",)).said.zh == "黄灯：1个其他单位（办公室）"
