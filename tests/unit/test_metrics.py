from decimal import Decimal

from bss_loader.metrics import exposition


def test_metrics_of_a_name_stand_together_behind_their_type() -> None:
    rows = [
        ("a_total", "counter", {}, Decimal(3)),
        ("b", "gauge", {"status": "dead", "of": "x"}, Decimal("0.5")),
        ("b", "gauge", {"status": 'a"\\\n'}, Decimal(0)),
    ]
    assert exposition(rows) == (
        "# TYPE a_total counter\n"
        "a_total 3\n"
        "# TYPE b gauge\n"
        'b{of="x",status="dead"} 0.5\n'
        'b{status="a\\"\\\\\\n"} 0'
    )
