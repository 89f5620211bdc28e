import pytest

from wardian.kernel.errors import Invalid
from wardian.kernel.refs import VersionRef


class TestParse:
    @pytest.mark.parametrize(
        ("text", "ref"),
        [
            ("digits", VersionRef("digits")),
            ("digits:v1.2.0", VersionRef("digits", version="v1.2.0")),
            ("digits@champion", VersionRef("digits", alias="champion")),
        ],
    )
    def test_each_form_and_back(self, text: str, ref: VersionRef) -> None:
        assert VersionRef.parse(text) == ref
        assert str(ref) == text

    @pytest.mark.parametrize("text", ["", "Digits", "digits:", "digits@", "a:b@c", "a b", "digits:1 "])
    def test_others_are_refused_with_the_forms(self, text: str) -> None:
        with pytest.raises(Invalid, match="is not NAME, NAME:VERSION or NAME@ALIAS"):
            VersionRef.parse(text)
