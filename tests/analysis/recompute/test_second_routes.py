"""Every method has its second route."""

from typing import get_type_hints

import pytest

from analysis.recompute.comparison.interpret import second_route
from analysis.recompute.trial.cells import NoRouteError
from analysis.recompute.trial.world import Cohort
from sap.methods import METHODS
from tests.each import each


@each("method", sorted(METHODS))
def test_every_method_is_sampled_by_what_its_step_says(method):
    given = get_type_hints(second_route(method))
    assert (given["cohort"], given["step"]) == (Cohort, METHODS[method])


def test_a_method_without_a_second_route_is_named():
    with pytest.raises(NoRouteError, match="no second route for sign_test"):
        second_route("sign_test")
