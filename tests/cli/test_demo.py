"""Demo: the main job on the built-in example."""


def test_the_demo_prints_what_the_readme_shows_and_draws(run, tmp_path, golden):
    answer = run("demo")
    assert answer.returncode == 0
    golden("demo.txt", answer.stdout)
    assert (tmp_path / "iwscore-demo.svg").read_text(encoding="utf-8").startswith("<svg")
