import threading

from wardian.kernel.ids import is_id, new_id


class TestNewId:
    def test_has_the_form_of_a_version_7_uuid(self) -> None:
        made = new_id()
        assert is_id(made)
        assert made[12] == "7"
        assert made[16] in "89ab"

    def test_ids_rise_and_never_repeat_across_threads(self) -> None:
        made: list[list[str]] = [[] for _ in range(4)]

        def many(into: list[str]) -> None:
            into.extend(new_id() for _ in range(2_000))

        threads = [threading.Thread(target=many, args=(into,)) for into in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(into == sorted(into) for into in made)
        assert len(set().union(*made)) == 8_000

    def test_other_texts_are_no_ids(self) -> None:
        assert not any(map(is_id, ["", "x" * 32, new_id().upper(), new_id()[1:], f"{new_id()}0"]))
