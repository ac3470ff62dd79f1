from intake.runs import NumberRun


def numbers(run: NumberRun, *duties: tuple[str, str]) -> list[str]:
    return [run.stands_twice(number, f"B{n}", {0: head}) for n, (number, head) in enumerate(duties, start=1)]


def test_a_number_that_stands_twice_names_its_first_place() -> None:
    assert numbers(NumberRun(), ("1", "一科"), ("2", "一科"), ("2", "一科")) == ["", "", "B2"]


def test_the_first_number_under_another_party_begins_a_run() -> None:
    assert numbers(NumberRun(), ("1", "一科"), ("2", "一科"), ("1", "二科"), ("2", "二科"), ("1", "三科")) == [""] * 5


def test_in_a_list_of_many_parties_a_number_that_comes_back_is_a_double() -> None:
    assert numbers(NumberRun(), ("1", "一科"), ("2", "二科"), ("1", "三科")) == ["", "", "B1"]


def test_numbers_are_compared_as_they_are_read() -> None:
    assert numbers(NumberRun(), ("1", "一科"), ("１", "一科")) == ["", "B1"]
