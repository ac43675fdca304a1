"""The methods a plan can promise: the step of each, by name."""

from typing import get_args

from sap.methods import Step

PROMISED = {get_args(step.model_fields["method"].annotation)[0]: step for step in get_args(get_args(Step)[0])}
