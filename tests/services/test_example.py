"""The built-in example is found, whole."""

from iwscore.services.example import example_folder


def test_the_example_has_its_catalog_and_its_reports():
    folder = example_folder()
    assert all((folder / name).is_dir() for name in ("indicators", "scenarios", "sources"))
    assert (folder / "examples" / "northern-front-2022.csv").is_file()
