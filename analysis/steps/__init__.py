"""From a step of the plan and a sample of subjects to statistics: one kind of step a module."""
