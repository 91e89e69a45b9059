"""Answers for people and machines: tables, charts, sparklines, JSON and CSV. Nothing is scored here.

Every text ends with a line end. Importing this package loads no drawing library; the first picture does.
"""

from iwscore.render.charts import chart_png, chart_svg, trend_chart
from iwscore.render.explanations import explanation_tables
from iwscore.render.machines import (
    assessment_csv,
    assessment_json,
    explanation_csv,
    explanation_json,
    trend_content,
    trend_csv,
    trend_json,
)
from iwscore.render.sparklines import trend_sparklines
from iwscore.render.tables import assessment_table, trend_table

__all__ = [
    "assessment_csv",
    "assessment_json",
    "assessment_table",
    "chart_png",
    "chart_svg",
    "explanation_csv",
    "explanation_json",
    "explanation_tables",
    "trend_chart",
    "trend_content",
    "trend_csv",
    "trend_json",
    "trend_sparklines",
    "trend_table",
]
